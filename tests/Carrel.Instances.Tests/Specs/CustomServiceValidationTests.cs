using System.Text.Json.Nodes;
using Carrel.Instances.Specs;
using Shouldly;
using Xunit;

namespace Carrel.Instances.Tests.Specs;

public sealed class CustomServiceValidationTests
{
    [Theory]
    [InlineData(1026, true)]
    [InlineData(65534, true)]
    [InlineData(1025, false)]
    [InlineData(65535, false)]
    [InlineData(8888, false)]
    public void Statement_13_T6_published_ports_have_a_range(int port, bool good) =>
        Problems(Service("a", published: port)).Count.ShouldBe(good ? 0 : 1);

    [Theory]
    [InlineData(8704, true)]
    [InlineData(8993, true)]
    [InlineData(8703, false)]
    [InlineData(8994, false)]
    [InlineData(9000, false)]
    public void Statement_13_T7_private_workspaces_have_a_narrower_one(int port, bool good) =>
        Problems(Service("a", published: port), privateLink: true).Count.ShouldBe(good ? 0 : 1);

    [Fact]
    public void Statement_13_T6_names_and_published_ports_are_unique()
    {
        Problems(Service("a", 8787) + "," + Service("b", 8787)).ShouldBe([(FindingCodes.InvalidCustomService, Path(1, "endpoints[0].published"))]);
        Problems(Service("a", 8787) + "," + Service("A", 8788)).ShouldBe([(FindingCodes.InvalidCustomService, Path(1, "name"))]);
    }

    [Theory]
    [InlineData("""{"name":"a","image":{"reference":"i"}}""", "endpoints")]
    [InlineData("""{"name":"a","image":{"reference":"i"},"endpoints":[{"target":80,"published":8787}]}""", "endpoints[0].target")]
    [InlineData("""{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787}]}""", "endpoints[0].published")]
    [InlineData("""{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787,"protocol":"ftp"}]}""", "endpoints[0].protocol")]
    [InlineData("""{"name":"a","image":{},"endpoints":[{"target":8787,"published":8787}]}""", "image.reference")]
    [InlineData("""{"name":"a","image":{"type":"vm","reference":"i"},"endpoints":[{"target":8787,"published":8787}]}""", "image.type")]
    [InlineData("""{"name":"a/b","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}]}""", "name")]
    [InlineData("""{"image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}]}""", "name")]
    [InlineData("""{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}],"volumes":[{"type":"npipe","target":"/x"}]}""", "volumes[0].type")]
    [InlineData("""{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}],"volumes":[{"source":"/etc","target":"/x"}]}""", "volumes[0].source")]
    [InlineData("""{"name":"a","image":{"reference":"i"},"endpoints":[{"target":8787,"published":8787}],"volumes":[{"source":"/mnt/../etc","target":"/x"}]}""", "volumes[0].source")]
    public void Statement_13_T16_a_bad_service_is_refused_at_its_place(string service, string target) =>
        Problems(service).ShouldBe([(FindingCodes.InvalidCustomService, Path(0, target))]);

    [Fact]
    public void A_service_is_kept_whole_in_canonical_spelling_with_the_type_that_readers_need()
    {
        var model = Samples.Model(Body("""
            {"NAME":"rstudio","Image":{"TYPE":"Docker","reference":"r:1"},"extra":{"Keep":[1,null,"x"]},"docker":{"Privileged":true},
             "environmentVariables":{"Name":{"TYPE":"Local","value":"v"}},"endpoints":[{"Protocol":"HTTP","name":"connect","target":8787,"published":8787,"hostIp":null}],
             "volumes":[{"source":"/home/azureuser/cloudfiles","target":"/home/azureuser/cloudfiles"}]}
            """)).CustomServices.ShouldHaveSingleItem();
        model.Endpoints.ShouldBe([new ServiceEndpoint("connect", "http", 8787, 8787)]);
        JsonNode.DeepEquals(JsonNode.Parse(model.Document), JsonNode.Parse("""
            {"type":"docker","name":"rstudio","image":{"type":"docker","reference":"r:1"},"extra":{"Keep":[1,null,"x"]},"docker":{"privileged":true},
             "environmentVariables":{"Name":{"type":"local","value":"v"}},"endpoints":[{"protocol":"http","name":"connect","target":8787,"published":8787}],
             "volumes":[{"type":"bind","readOnly":false,"source":"/home/azureuser/cloudfiles","target":"/home/azureuser/cloudfiles"}]}
            """)).ShouldBeTrue(model.Document);
    }

    private static string Service(string name, int published) =>
        "{\"name\":\"" + name + "\",\"image\":{\"reference\":\"i\"},\"endpoints\":[{\"target\":8787,\"published\":" + published + "}]}";

    private static string Body(string services) => "{\"customServices\":[" + services + "]}";

    private static string Path(int index, string member) => $"properties.properties.customServices[{index}].{member}";

    private static List<(string Code, string Target)> Problems(string services, bool privateLink = false) =>
        Samples.Problems(Body(services), Samples.Context(privateLink));
}
