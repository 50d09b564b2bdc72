using Carrel.Agent.Activity;
using Carrel.Agent.Terminals;

namespace Carrel.Agent.Tests.Terminals;

/// <summary>A notice that is written to a terminal does not make it look used (contract 4.5).</summary>
public sealed class OwnOutputTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private readonly StandingTime _time = new();
    private readonly OwnOutput _own;

    public OwnOutputTests() => _own = new OwnOutput(_time);

    [Fact]
    public void What_Carrel_writes_is_no_activity_and_what_comes_later_is()
    {
        Write(at: 600, ("1", 0), ("2", 500));

        Told("1", 600.5).ShouldBe(0, "the notice");
        Told("2", 601).ShouldBe(500);
        Told("1", 605).ShouldBe(605, "somebody typed");
        Told("new", 600.5).ShouldBe(600.5, "a terminal that was not there before");
    }

    [Fact]
    public void A_second_notice_does_not_take_the_first_for_activity()
    {
        Write(at: 600, ("1", 0));
        Write(at: 900, ("1", 600.5));

        Told("1", 900.2).ShouldBe(0);
    }

    private void Write(double at, params (string Name, double Last)[] terminals)
    {
        _time.Now = Start.AddSeconds(at);
        _own.Begin(terminals.Select(terminal => new JupyterTerminal(terminal.Name, Start.AddSeconds(terminal.Last))));
        _own.End();
    }

    private double Told(string name, double last) => (_own.LastActivity(new JupyterTerminal(name, Start.AddSeconds(last))) - Start).TotalSeconds;

    private sealed class StandingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
