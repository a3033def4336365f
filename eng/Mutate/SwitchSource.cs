namespace Mutate;

// The class that is compiled into the mutated library: it tells each place whether its mutant is the active one.
internal static class SwitchSource
{
    public const string TypeName = "MutationSwitch";
    public const string ActiveVariable = "MUTATION_ACTIVE";
    public const byte Reached = 1;
    public const byte ReachedByStaticInitialiser = 2;

    public static string Text(int mutants) => $$"""
        internal static class {{TypeName}}
        {
            public static volatile int Active = int.TryParse(System.Environment.GetEnvironmentVariable("{{ActiveVariable}}"), out int id) ? id : -1;
            public static readonly byte[] Seen = new byte[{{mutants}}];
            public static volatile bool IsRecording;

            public static bool Is(int mutant)
            {
                if (IsRecording && Seen[mutant] == 0)
                {
                    Seen[mutant] = IsInStaticInitialiser() ? (byte){{ReachedByStaticInitialiser}} : (byte){{Reached}};
                }

                return mutant == Active;
            }

            private static bool IsInStaticInitialiser()
            {
                foreach (System.Diagnostics.StackFrame frame in new System.Diagnostics.StackTrace().GetFrames())
                {
                    if (System.Diagnostics.DiagnosticMethodInfo.Create(frame)?.Name == ".cctor")
                    {
                        return true;
                    }
                }

                return false;
            }
        }
        """;
}
