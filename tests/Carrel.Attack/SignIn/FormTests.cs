using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Carrel.Attack.SignIn;

/// <summary>Forms sent by other pages, and what the answers of sign-in give away.</summary>
public sealed partial class FormTests(Target target)
{
    [Theory(DisplayName = "A25 Sign-in forged by another page, into the attacker's own account")]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_forged_sign_in(string? origin)
    {
        using var browser = new Browser(target.Carrel);
        string page = await (await browser.OpenAsync(target.Carrel.Url + "/signin")).Content.ReadAsStringAsync();
        foreach (bool withToken in (bool[])[true, false])
        {
            Dictionary<string, string> fields = InputPattern().Matches(page).ToDictionary(input => input.Groups["name"].Value, input => WebUtility.HtmlDecode(input.Groups["value"].Value));
            fields["username"] = target.Bob.UserName;
            fields["password"] = target.Bob.Password;
            if (!withToken)
                fields = new() { ["username"] = target.Bob.UserName, ["password"] = target.Bob.Password };
            HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Post, new Uri(target.Carrel.Url + "/signin"), new FormUrlEncodedContent(fields), origin);
            ((int)answer.StatusCode).ShouldBe(403);
        }

        (await browser.SendAsync(HttpMethod.Get, new Uri(target.Carrel.Url + "/"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther, "nobody is signed in");
    }

    [Fact(DisplayName = "A26 Sign-out forged by another page")]
    public async Task A_forged_sign_out()
    {
        using Browser browser = await target.Ann.BrowserAsync();
        await browser.SendAsync(HttpMethod.Post, new Uri(target.Carrel.Url + "/signout"), new FormUrlEncodedContent([]), "https://evil.example");
        (await browser.SendAsync(HttpMethod.Get, new Uri(target.Carrel.Url + "/"))).StatusCode.ShouldBe(HttpStatusCode.OK, "still signed in");
    }

    [Fact(DisplayName = "A27 Names of people by the words of the answer")]
    public async Task Names_by_words()
    {
        (int status, string known) = await TryAsync(target.Ann.UserName, "wrong-password");
        (int absentStatus, string absent) = await TryAsync("nobody-of-that-name@carrel.local", "wrong-password");
        status.ShouldBe(absentStatus);
        Neutral(known, target.Ann.UserName).ShouldBe(Neutral(absent, "nobody-of-that-name@carrel.local"));
    }

    [Fact(DisplayName = "A28 Names of people by the time of the answer")]
    public async Task Names_by_time()
    {
        // Hashing takes many times what everything else does: without it an unknown name would be answered in a fraction.
        double known = await MedianAsync(i => target.Bob.UserName), absent = await MedianAsync(i => $"nobody{i}@carrel.local");
        (absent / known).ShouldBeGreaterThan(0.3);
        await target.Bob.BrowserAsync();
    }

    [Fact(DisplayName = "A29 Names of people by asking the directory")]
    public async Task Names_by_the_directory()
    {
        string bob = await target.Bob.TokenAsync();
        foreach (string path in (string[])["/v1.0/users", $"/v1.0/users/{target.Ann.ObjectId}", $"/v1.0/users/{target.Ann.UserName}"])
            ((int)(await target.AskAsync(bob, HttpMethod.Get, path)).Status).ShouldBeInRange(400, 404, path);
        ((int)(await target.AskAsync(null, HttpMethod.Get, "/v1.0/users")).Status).ShouldBe(401);
    }

    [Fact(DisplayName = "A30 Guessing a password, however many at once")]
    public async Task Guessing_a_password()
    {
        Person victim = await target.AddPersonAsync("guessed");
        await Task.WhenAll(Enumerable.Range(0, 7).Select(i => TryAsync(victim.UserName, "guess-number-" + i)));
        (int status, string locked) = await TryAsync(victim.UserName, victim.Password);
        status.ShouldNotBe(303, "the right password does not open a locked account");
        (_, string absent) = await TryAsync("nobody-at-all@carrel.local", victim.Password);
        Neutral(locked, victim.UserName).ShouldBe(Neutral(absent, "nobody-at-all@carrel.local"), "a lock does not tell that there is such a name");
    }

    [Fact(DisplayName = "A31 A script in the user name, shown again by the form")]
    public async Task A_script_in_the_user_name()
    {
        (_, string page) = await TryAsync("\"><script>alert(1)</script>", "wrong-password");
        page.ShouldNotContain("<script", Case.Insensitive);
        page.ShouldContain("&lt;script", Case.Insensitive);
    }

    private async Task<double> MedianAsync(Func<int, string> name)
    {
        var times = new List<double>();
        for (int i = 0; i < 3; i++)
        {
            var form = await FormAsync();
            long begun = Stopwatch.GetTimestamp();
            await SendAsync(form, name(i), "wrong-password");
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times.Order().ElementAt(1);
    }

    private async Task<(int Status, string Page)> TryAsync(string name, string password) => await SendAsync(await FormAsync(), name, password);

    private async Task<(Browser Browser, Dictionary<string, string> Fields)> FormAsync()
    {
        var browser = new Browser(target.Carrel);
        string page = await (await browser.OpenAsync(target.Carrel.Url + "/signin")).Content.ReadAsStringAsync();
        return (browser, InputPattern().Matches(page).ToDictionary(input => input.Groups["name"].Value, input => WebUtility.HtmlDecode(input.Groups["value"].Value)));
    }

    private async Task<(int Status, string Page)> SendAsync((Browser Browser, Dictionary<string, string> Fields) form, string name, string password)
    {
        using Browser browser = form.Browser;
        form.Fields["username"] = name;
        form.Fields["password"] = password;
        HttpResponseMessage answer = await browser.SendAsync(HttpMethod.Post, new Uri(target.Carrel.Url + "/signin"), new FormUrlEncodedContent(form.Fields), target.Carrel.Url);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    // What differs between any two answers.
    internal static string Neutral(string page, string name) =>
        RandomPattern().Replace(page.Replace(WebUtility.HtmlEncode(name), "NAME", StringComparison.Ordinal).Replace(name, "NAME", StringComparison.Ordinal), "RANDOM");

    [GeneratedRegex("<input (?=[^>]*name=\"(?<name>[^\"]*)\")(?:(?=[^>]*value=\"(?<value>[^\"]*)\"))?[^>]*>")]
    private static partial Regex InputPattern();

    [GeneratedRegex("[A-Za-z0-9_-]{22,}")]
    private static partial Regex RandomPattern();
}
