namespace Carrel.Gateway.Tests.Support;

/// <summary>A clock that stands still until a test moves it; it begins now, because TLS clients look at the real one.</summary>
internal sealed class SettableTime : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    internal void Advance(TimeSpan by) => _now += by;
}
