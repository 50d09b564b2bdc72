using Shouldly;
using Xunit;

namespace Carrel.Server.Tests.Configuration;

/// <summary>A setting of the catalogue that cannot be used stops the start with one sentence.</summary>
public sealed class CatalogueSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("CARREL_SIZES", "Azure", "CARREL_SIZES must be azure or host; it is 'Azure'.")]
    [InlineData("CARREL_CAPACITY", "yes", "CARREL_CAPACITY must be overcommit or refuse; it is 'yes'.")]
    public async Task A_word_that_is_none_of_them_is_refused(string name, string value, string told) =>
        (await RefusalAsync((name, value))).ShouldBe($"carrel: {told}\n");

    [Fact]
    public async Task A_price_list_that_cannot_be_used_is_refused_with_file_line_and_remedy()
    {
        string file = Path.Combine(_folder, "prices.json");
        await File.WriteAllTextAsync(file, "{\n  \"Standard_DS3_v2\": 0.1,\n  \"Standard_DS33_v2\": 0.2\n}\n", TestContext.Current.CancellationToken);
        (await RefusalAsync(("CARREL_PRICES", file))).ShouldBe($"carrel: CARREL_PRICES: {file}, line 3: there is no size 'Standard_DS33_v2'; `carrel compute list-sizes` names those there are.\n");
        File.Delete(file);
        (await RefusalAsync(("CARREL_PRICES", file))).ShouldStartWith($"carrel: CARREL_PRICES: the file {file} cannot be read: ");
    }

    private async Task<string> RefusalAsync(params (string Name, string Value)[] settings)
    {
        var variables = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        variables["CARREL_DATA"] = Path.Combine(_folder, "data");
        using var errors = new StringWriter { NewLine = "\n" };
        (await CarrelServer.RunAsync([], variables.GetValueOrDefault, errors)).ShouldBe(1);
        return errors.ToString();
    }
}
