using EmailDigest;
using EmailDigest.Output;

return await EmailDigestCommand.RunAsync(args, Terminal.ForThisProcess());
