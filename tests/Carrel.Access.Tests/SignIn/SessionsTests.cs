using Carrel.Access.Directory;
using Carrel.Access.SignIn;
using Carrel.Access.Tests.Support;
using Carrel.TestKit.Stores;

namespace Carrel.Access.Tests.SignIn;

public sealed class SessionsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SettableTime _time = new();
    private readonly AccessDatabase _database = new();
    private readonly DirectoryUser _ann = new(Guid.NewGuid(), "ann@carrel.local", "Ann", "", default);
    private readonly Sessions _sessions;

    public SessionsTests() => _sessions = new Sessions(_database.Sessions, _database.Directory, _time);

    public async ValueTask InitializeAsync() => (await _database.Directory.TryAddUserAsync(_ann, None)).ShouldBeTrue();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<bool> IsAliveAsync(string token) => await _sessions.FindAsync(token, SessionKind.Studio, null, None) is not null;

    [Fact]
    public async Task A_session_ends_12_hours_after_its_last_use()
    {
        string token = await _sessions.BeginStudioAsync(_ann.ObjectId, None);
        _time.Advance(TimeSpan.FromHours(11));
        (await IsAliveAsync(token)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromHours(11));
        (await IsAliveAsync(token)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromHours(12));
        (await IsAliveAsync(token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_in_constant_use_ends_after_seven_days()
    {
        string token = await _sessions.BeginStudioAsync(_ann.ObjectId, None);
        for (int hour = 0; hour < 7 * 24 - 1; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            (await IsAliveAsync(token)).ShouldBeTrue();
        }

        _time.Advance(TimeSpan.FromHours(1));
        (await IsAliveAsync(token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Revoked_sessions_end_at_once_although_they_are_remembered()
    {
        string token = await _sessions.BeginStudioAsync(_ann.ObjectId, None);
        (await IsAliveAsync(token)).ShouldBeTrue();
        await _sessions.EndAllOfUserAsync(_ann.ObjectId, None);
        (await IsAliveAsync(token)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_instance_session_needs_a_living_parent()
    {
        (await _sessions.BeginInstanceAsync("uid", _ann.ObjectId, Guid.NewGuid(), "grant", None)).ShouldBeNull();
        string studio = await _sessions.BeginStudioAsync(_ann.ObjectId, None);
        SignedIn person = (await _sessions.FindAsync(studio, SessionKind.Studio, null, None))!;
        string instance = (await _sessions.BeginInstanceAsync("uid", _ann.ObjectId, person.Session.Id, "grant", None))!;
        await _sessions.EndAllOfInstanceAsync("uid", None);
        (await _sessions.FindAsync(instance, SessionKind.Instance, "uid", None)).ShouldBeNull();
        (await IsAliveAsync(studio)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Nonsense_finds_nobody(string? token) => (await _sessions.FindAsync(token, SessionKind.Studio, null, None)).ShouldBeNull();
}
