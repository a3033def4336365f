namespace DigestStore;
internal static class Dummy;
