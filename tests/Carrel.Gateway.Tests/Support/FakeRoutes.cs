using System.Collections.Concurrent;
using Carrel.Gateway.Instances;

namespace Carrel.Gateway.Tests.Support;

internal sealed class FakeRoutes : IInstanceRoutes
{
    private readonly ConcurrentDictionary<(string Location, string Name), InstanceRoute> _all = new();

    internal InstanceRoute this[string name]
    {
        get => _all[("lab", name)];
        set => _all[("lab", name)] = value;
    }

    internal void Remove(string name) => _all.TryRemove(("lab", name), out _);

    public ValueTask<InstanceRoute?> FindAsync(string location, string name) => new(_all.GetValueOrDefault((location, name)));
}
