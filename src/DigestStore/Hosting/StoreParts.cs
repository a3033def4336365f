using DigestStore.Configuration;

namespace DigestStore.Hosting;

// What a container gives to the repository of one name, whatever keeps its records.
internal sealed record StoreParts(Func<DigestStoreOptions> Options, DigestStoreServices Services, SettingsHistory History);
