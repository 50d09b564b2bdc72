using Carrel.Cli.Computes;
using Carrel.Cli.Errors;
using Carrel.Cli.Yaml;
using Shouldly;
using Xunit;

namespace Carrel.Cli.Tests.Yaml;

public sealed class ItemEditsTests
{
    private static readonly YamlMap Document = YamlFile.Parse("f", "a: 1\nlist: [x, y]\nmap: {k: v, 'cost.center': 7}\nnone:\nrows:\n- {n: 1}\n- {n: 2}\n");

    /// <summary>A document in one line, quoted text in quotes.</summary>
    private static string Show(YamlItem item) => item switch
    {
        YamlMap map => "{" + string.Join(",", map.Entries.Select(entry => $"{entry.Key.Value}:{Show(entry.Value)}")) + "}",
        YamlList list => "[" + string.Join(",", list.Items.Select(Show)) + "]",
        YamlScalar { IsNull: true } => "null",
        YamlScalar { Plain: false } text => $"'{text.Value}'",
        _ => ((YamlScalar)item).Value,
    };

    private static string Set(string assignment)
    {
        var (path, value) = ItemPath.ParseAssignment(assignment, "--set");
        return Show(ItemEdits.Set(Document, path, YamlFile.Value(value)));
    }

    [Theory]
    [InlineData("a=2", "{a:2,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("a=", "{a:'',list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("a=x=y", "{a:x=y,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("list[1]=z", "{a:1,list:[x,z],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("map.k=w", "{a:1,list:[x,y],map:{k:w,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("map['cost.center']=8", "{a:1,list:[x,y],map:{k:v,cost.center:8},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("map[\"a=b]\"]=8", "{a:1,list:[x,y],map:{k:v,cost.center:7,a=b]:8},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("none.deep.er=1", "{a:1,list:[x,y],map:{k:v,cost.center:7},none:{deep:{er:1}},rows:[{n:1},{n:2}]}")]
    [InlineData("new.key=1", "{a:1,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}],new:{key:1}}")]
    [InlineData("rows[1].n=3", "{a:1,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:3}]}")]
    [InlineData("map={\"k\": [1, \"2\"]}", "{a:1,list:[x,y],map:{k:[1,'2']},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("a=[draft] notes", "{a:[draft] notes,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("a=0 18 * * *", "{a:0 18 * * *,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("a=\"60\"", "{a:'60',list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("a=null", "{a:null,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    public void A_value_is_put_at_its_path(string assignment, string after) => Set(assignment).ShouldBe(after);

    [Theory]
    [InlineData("list[2]=z", "'list' has 2 entries, counted from 0")]
    [InlineData("a.b=z", "'a' holds no keys")]
    [InlineData("map[0]=z", "'map' is no list")]
    [InlineData("list[1][0]=z", "'list[1]' is no list")]
    [InlineData("list[x]=z", "is no path")]
    [InlineData("list[-1]=z", "is no path")]
    [InlineData("list[99999999999]=z", "is no path")]
    [InlineData("list[0=z", "is no path")]
    [InlineData("a..b=z", "is no path")]
    [InlineData("a.=z", "is no path")]
    [InlineData(".a=z", "is no path")]
    [InlineData("[0]=z", "is no path")]
    [InlineData("list[0]x=z", "is no path")]
    [InlineData("map['k=z", "is no path")]
    [InlineData("=z", "is no change")]
    [InlineData("", "is no change")]
    [InlineData("ci1", "is no change")]
    public void What_cannot_be_set_is_refused_with_its_place(string assignment, string part)
    {
        var problem = Should.Throw<CliException>(() => Set(assignment));
        problem.ExitCode.ShouldBe(ExitCode.Usage);
        problem.Message.ShouldContain(part);
    }

    [Theory]
    [InlineData("list", "{a:1,list:[x,y,{z:1}],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("none", "{a:1,list:[x,y],map:{k:v,cost.center:7},none:[{z:1}],rows:[{n:1},{n:2}]}")]
    [InlineData("fresh", "{a:1,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:1},{n:2}],fresh:[{z:1}]}")]
    public void A_value_is_appended_to_a_list(string path, string after) =>
        Show(ItemEdits.Add(Document, ItemPath.Parse(path), YamlFile.Value("{z: 1}"))).ShouldBe(after);

    [Fact]
    public void Nothing_is_appended_to_what_is_no_list() =>
        Should.Throw<CliException>(() => ItemEdits.Add(Document, ItemPath.Parse("map"), YamlFile.Value("1"))).Message.ShouldContain("use --set");

    [Theory]
    [InlineData("map", "{a:1,list:[x,y],none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("map.k", "{a:1,list:[x,y],map:{cost.center:7},none:null,rows:[{n:1},{n:2}]}")]
    [InlineData("rows[0]", "{a:1,list:[x,y],map:{k:v,cost.center:7},none:null,rows:[{n:2}]}")]
    public void A_key_or_an_element_is_removed(string path, string after) => Show(ItemEdits.Remove(Document, ItemPath.Parse(path))).ShouldBe(after);

    [Theory]
    [InlineData("no")]
    [InlineData("none")]
    [InlineData("map.no")]
    public void What_is_not_there_cannot_be_removed(string path) =>
        Should.Throw<CliException>(() => ItemEdits.Remove(Document, ItemPath.Parse(path))).Message.ShouldBe($"There is no '{path}' to remove.");

    [Fact]
    public void What_only_the_server_sets_cannot_be_set() =>
        Should.Throw<CliException>(() => ComputeFile.RequireSettable(ItemPath.Parse("last_operation.operation_name"))).Message.ShouldContain("'last_operation' is set by the server");

    [Fact]
    public void Changes_leave_the_document_they_begin_with_alone()
    {
        var before = Show(Document);
        Set("rows[0].n=9");
        ItemEdits.Remove(Document, ItemPath.Parse("a"));
        Show(Document).ShouldBe(before);
    }
}
