using Carrel.Engine.Notices;
using Carrel.Server.Configuration;
using NodaTime;
using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Configuration;

public sealed class NoticeSettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Without_settings_the_notice_is_given_15_minutes_before_and_to_no_webhook()
    {
        NoticeOptions options = Read().ForEngine("https://carrel.example");
        options.ScheduledLead.ShouldBe(Duration.FromMinutes(15));
        options.Webhooks.ShouldBeEmpty();
        options.WebhookKey.ShouldBeNull();
    }

    [Fact]
    public void Webhooks_are_https_addresses_and_the_key_is_the_files_without_its_last_line_feed()
    {
        File.WriteAllText(_file, "0123456789abcdef\n");
        NoticeOptions options = Read(("CARREL_NOTICE_WEBHOOK", "https://a.example/x?y=1, https://b.example/"), ("CARREL_NOTICE_SECRET", _file), ("CARREL_NOTICE_MINUTES", "60"))
            .ForEngine("https://carrel.example");
        options.Webhooks.Select(webhook => webhook.AbsoluteUri).ShouldBe(["https://a.example/x?y=1", "https://b.example/"]);
        options.WebhookKey.ShouldBe("0123456789abcdef"u8.ToArray());
        options.ScheduledLead.ShouldBe(Duration.FromMinutes(60));
    }

    [Theory]
    [InlineData("CARREL_NOTICE_MINUTES", "0")]
    [InlineData("CARREL_NOTICE_MINUTES", "61")]
    [InlineData("CARREL_NOTICE_MINUTES", "15m")]
    [InlineData("CARREL_NOTICE_WEBHOOK", "http://a.example/")]
    [InlineData("CARREL_NOTICE_WEBHOOK", "https://user:word@a.example/")]
    [InlineData("CARREL_NOTICE_WEBHOOK", "a.example")]
    public void What_cannot_be_used_is_refused_in_a_sentence_that_names_the_variable(string name, string value)
    {
        ConfigurationException refusal = Should.Throw<ConfigurationException>(() => Read((name, value), ("CARREL_NOTICE_SECRET", _file)));
        refusal.Message.ShouldContain(name);
        refusal.Message.ShouldNotContain("word");
    }

    [Fact]
    public void A_webhook_without_a_key_or_with_a_short_or_absent_one_is_refused()
    {
        Should.Throw<ConfigurationException>(() => Read(("CARREL_NOTICE_WEBHOOK", "https://a.example/"))).Message.ShouldContain("CARREL_NOTICE_SECRET");
        File.WriteAllText(_file, "short\n");
        Should.Throw<ConfigurationException>(() => Read(("CARREL_NOTICE_WEBHOOK", "https://a.example/"), ("CARREL_NOTICE_SECRET", _file)).ForEngine("")).Message.ShouldContain("16 bytes");
        Should.Throw<ConfigurationException>(() => Read(("CARREL_NOTICE_WEBHOOK", "https://a.example/"), ("CARREL_NOTICE_SECRET", _file + ".none")).ForEngine("")).Message.ShouldContain(".none");
    }

    private static NoticeSettings Read(params (string Name, string Value)[] variables) =>
        NoticeSettings.Read(name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
}
