namespace DigestStore.FaultTests;

/// <summary>What the proxy does to one request. "Before" means that the engine never sees it, "After" that the engine has applied it.</summary>
internal enum ModelMove
{
    None,

    // Drops and cuts of the connection.
    ResetBefore,
    CloseBefore,
    ResetAfter,
    CloseAfter,
    CutInBodyAfter,

    // The answer never comes.
    StallBefore,
    StallAfter,
    StallInBodyAfter,

    // Delays and duplicates.
    LateBefore,
    LateAfter,
    Twice,
    TwiceThenReset,

    // Answers that are rewritten.
    ServerErrorBefore,
    ServerErrorAfter,
    Throttle,
    Refuse,
    RefuseRetriesAfter,
    Deny,
    ForeignCode,
    Partial,
    NothingProcessed,
    PartialThenReset,
    HtmlBefore,
    HtmlAfter,
    EmptyBefore,
    EmptyAfter,
    HalfJsonAfter,
    WrongChecksumAfter,
    NoHttpBefore,
}
