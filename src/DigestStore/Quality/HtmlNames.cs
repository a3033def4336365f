using System.Collections.Frozen;

namespace DigestStore.Quality;

internal static class HtmlNames
{
    public const int MaxElementLength = 10;

    // The longest references are "#x0010FFFF" with 10 characters and, among the names, those with 8 characters.
    public const int MaxReferenceLength = 10;

    // Elements that format text, and elements that remain in a title which was copied from a page. Others, such as dialog, input or link, are
    // left out, because a title that names one is probably about it.
    public const string ElementNames =
        "a abbr acronym b big blockquote body br center cite code del div em font h1 h2 h3 h4 h5 h6 hr html i iframe img ins kbd li mark ol p pre q s " +
        "script small span strike strong style sub sup svg table td tr tt u ul wbr";

    // The names of https://www.w3.org/TR/html401/sgml/entities.html, and "apos" and the upper-case forms, which browsers accept too.
    public const string CharacterNames =
        "quot amp lt gt apos QUOT AMP LT GT nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 " +
        "acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute " +
        "Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig " +
        "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde " +
        "ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml OElig oelig Scaron scaron Yuml fnof circ tilde Alpha Beta Gamma Delta Epsilon " +
        "Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega alpha beta gamma delta epsilon zeta eta theta " +
        "iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega thetasym upsih piv ensp emsp thinsp zwnj zwj lrm rlm " +
        "ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger bull hellip permil prime Prime lsaquo rsaquo oline frasl euro image weierp " +
        "real trade alefsym larr uarr rarr darr harr crarr lArr uArr rArr dArr hArr forall part exist empty nabla isin notin ni prod sum minus lowast " +
        "radic prop infin ang and or cap cup int there4 sim cong asymp ne equiv le ge sub sup nsub sube supe oplus otimes perp sdot lceil rceil " +
        "lfloor rfloor lang rang loz spades clubs hearts diams";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements =
        ElementNames.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Characters =
        CharacterNames.Split(' ').ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsElement(ReadOnlySpan<char> name) => Elements.Contains(name);

    public static bool IsCharacter(ReadOnlySpan<char> name) => Characters.Contains(name);
}
