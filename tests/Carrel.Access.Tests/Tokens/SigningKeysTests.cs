using Carrel.Access.Tests.Support;
using Carrel.Access.Tokens;

namespace Carrel.Access.Tests.Tokens;

public sealed class SigningKeysTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("carrel-keys-").FullName;
    private readonly SettableTime _time = new();

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private SigningKeys Open() =>
        new(new AccessOptions { PublicUrl = new Uri(AccessHost.Origin), DataFolder = _folder, SubscriptionId = AccessHost.Subscription }, _time);

    private string[] Files() => System.IO.Directory.GetFiles(Path.Combine(_folder, "keys"));

    [Fact]
    public void The_first_start_makes_one_key_that_only_its_owner_reads_and_the_next_start_finds_it()
    {
        using SigningKeys first = Open();
        using SigningKeys second = Open();
        second.Current.Id.ShouldBe(first.Current.Id);
        second.Current.CreatedAt.ShouldBe(first.Current.CreatedAt);
        File.GetUnixFileMode(Files().ShouldHaveSingleItem()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void After_90_days_a_new_key_signs_and_the_old_one_stays_until_its_last_token_is_expired()
    {
        using SigningKeys keys = Open();
        string old = keys.Current.Id;
        _time.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        keys.Current.Id.ShouldBe(old);
        _time.Advance(TimeSpan.FromSeconds(1));
        keys.Current.Id.ShouldNotBe(old);
        keys.Published.Select(key => key.Id).ShouldContain(old);
        _time.Advance(SigningKeys.KeptAfter - TimeSpan.FromSeconds(1));
        keys.Published.Count.ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        keys.Published.Select(key => key.Id).ShouldNotContain(old);
        Files().Length.ShouldBe(1);
    }

    [Fact]
    public void What_a_dying_process_left_half_written_is_no_key()
    {
        using (Open())
            File.WriteAllText(Path.Combine(_folder, "keys", "20261120T120000001Z.pem.new"), "-----BEGIN");
        using SigningKeys keys = Open();
        keys.Published.Count.ShouldBe(1);
    }

    [Fact]
    public void A_key_that_cannot_be_read_is_named()
    {
        using (Open()) { }
        string file = Files().Single();
        File.WriteAllText(file, "rubbish");
        Should.Throw<InvalidDataException>(() => Open()).Message.ShouldContain(file);
    }

    [Fact]
    public async Task Many_threads_at_the_turn_make_one_key()
    {
        using SigningKeys keys = Open();
        _time.Advance(TimeSpan.FromDays(91));
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => keys.Current.Id)));
        ids.Distinct().Count().ShouldBe(1);
        Files().Length.ShouldBe(2);
    }
}
