namespace Carrel.Instances.Specs.Reading;

/// <summary>Reads one custom service (contract 13.3).</summary>
internal static class CustomServiceReader
{
    public static CustomServiceSpec Read(MemberReader service)
    {
        var image = service.Object("image");
        service.Object("docker")?.Flag("privileged");
        if (service.Object("environmentVariables") is { } variables)
        {
            foreach (var variable in variables.EachObject())
            {
                variable.Text("value");
            }
        }

        return new CustomServiceSpec(
            service.Text("name"),
            image?.Text("type"),
            image?.Text("reference"),
            service.Objects("endpoints")?.ConvertAll(endpoint => new ServiceEndpointSpec(
                endpoint.Text("name"), endpoint.Text("protocol"), endpoint.Number("target"), endpoint.Number("published"))) ?? [],
            service.Objects("volumes")?.ConvertAll(volume => new ServiceVolumeSpec(
                volume.Text("type"), volume.Text("source"), volume.Text("target"))) ?? [],
            ServiceShape.Normalise(service.Element));
    }
}
