using Carrel.Access.Directory;
using Carrel.Access.Tests.Support;
using Carrel.TestKit.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Carrel.Access.Tests.Directory;

public sealed class PasswordSignInTests : IAsyncLifetime
{
    private const string Right = "correct horse battery";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SettableTime _time = new();
    private readonly AccessDatabase _database = new();
    private readonly DirectoryUser _ann = new(Guid.NewGuid(), "ann@carrel.local", "Ann", PasswordSignIn.HashPassword(Right), default);
    private readonly PasswordSignIn _signIn;

    public PasswordSignInTests() => _signIn = new PasswordSignIn(_database.Directory, _time);

    public async ValueTask InitializeAsync() => (await _database.Directory.TryAddUserAsync(_ann, None)).ShouldBeTrue();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_name_ignores_case_and_the_password_does_not()
    {
        (await _signIn.SignInAsync("ANN@Carrel.Local ", Right, None)).ShouldNotBeNull();
        (await _signIn.SignInAsync("ann@carrel.local", Right.ToUpperInvariant(), None)).ShouldBeNull();
        (await _signIn.SignInAsync("ann@carrel.local", "", None)).ShouldBeNull();
        (await _signIn.SignInAsync("", "", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_parallel_guesses_only_five_are_looked_at()
    {
        string[] guesses = [.. Enumerable.Range(0, 30).Select(i => i < 5 ? "wrong" : Right)];
        // The right password comes after five wrong ones that are all still under way.
        Task<DirectoryUser?>[] attempts = [.. guesses.Select(guess => _signIn.SignInAsync("ann@carrel.local", guess, None))];
        (await Task.WhenAll(attempts)).ShouldAllBe(user => user == null);
    }

    [Fact]
    public async Task The_lock_lasts_five_minutes_and_a_success_forgets_the_failures()
    {
        for (int i = 0; i < 4; i++)
            await _signIn.SignInAsync("ann@carrel.local", "wrong", None);
        (await _signIn.SignInAsync("ann@carrel.local", Right, None)).ShouldNotBeNull();
        for (int i = 0; i < 5; i++)
            await _signIn.SignInAsync("ann@carrel.local", "wrong", None);
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await _signIn.SignInAsync("ann@carrel.local", Right, None)).ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _signIn.SignInAsync("ann@carrel.local", Right, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_old_hash_is_made_new_at_the_next_sign_in()
    {
        var weak = new PasswordHasher<DirectoryUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));
        DirectoryUser old = _ann with { PasswordHash = weak.HashPassword(_ann, Right) };
        await _database.Directory.ReplacePasswordHashAsync(_ann.ObjectId, _ann.PasswordHash, old.PasswordHash, None);
        (await _signIn.SignInAsync("ann@carrel.local", Right, None)).ShouldNotBeNull();
        (await _database.Directory.FindUserAsync(_ann.ObjectId, None))!.PasswordHash.ShouldNotBe(old.PasswordHash);
        (await _signIn.SignInAsync("ann@carrel.local", Right, None)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("ann@carrel.local", true)]
    [InlineData("Ann.Lee-1_x@CARREL.local", true)]
    [InlineData("ann@contoso.com", false)]
    [InlineData("ann", false)]
    [InlineData(".ann@carrel.local", false)]
    [InlineData("ann.@carrel.local", false)]
    [InlineData("../ann@carrel.local", false)]
    [InlineData("a b@carrel.local", false)]
    [InlineData("ann@carrel.local\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Sign_in_names_are_plain(string? name, bool good) => (UserNames.Fault(name, "carrel.local") is null).ShouldBe(good);
}
