using System.Threading.Channels;
using Carrel.Instances.Hosting;

namespace Carrel.TestKit.Hosting;

/// <summary>
/// What an engine keeps while servers come and go: give the same one to several <see cref="InMemoryInstanceHost"/> to play a server that
/// restarts (same installation) or a neighbour (another installation). Its methods are what can happen to machines from outside.
/// </summary>
public sealed class InMemoryEngine
{
    private readonly Dictionary<(Guid Installation, Guid Machine), InMemoryMachine> _machines = [];
    private readonly HashSet<(Guid Installation, Guid Network)> _networks = [];
    private readonly List<(Guid Installation, Channel<MachineEvent> Events)> _watchers = [];
    private readonly Lock _gate = new();
    private int _lastAddress = 1;

    /// <summary>False plays an engine that does not answer: every verb throws and every watch ends.</summary>
    public bool Available
    {
        get;
        set
        {
            field = value;
            if (value)
                return;
            lock (_gate)
            {
                foreach (var watcher in _watchers)
                    watcher.Events.Writer.TryComplete(new HostUnavailableException("The engine went away."));
                _watchers.Clear();
            }
        }
    } = true;

    /// <summary>The version label of the image that new machines are made from.</summary>
    public string ImageVersion { get; set; } = "26.11.21";

    /// <summary>The engine goes down and comes back: what ran has ended with it.</summary>
    public void Restart()
    {
        Available = false;
        lock (_gate)
        {
            foreach (var machine in _machines.Values.Where(machine => machine.Phase == MachinePhase.Running))
                machine.End("The machine's first process ended with code 129.", withEngine: true);
        }

        Available = true;
    }

    /// <summary>A machine's first process ends by itself under a living engine.</summary>
    public void EndByItself(Guid machineId, DateTimeOffset at, string reason = "The machine's first process ended with code 1.")
    {
        lock (_gate)
        {
            var (key, machine) = _machines.Single(pair => pair.Key.Machine == machineId);
            machine.End(reason, withEngine: false);
            Tell(key.Installation, new MachineEvent(machineId, MachineEventKind.Ended, at, "exit code 1"));
        }
    }

    internal T Locked<T>(Guid installation, Func<InMemoryInstallation, T> work)
    {
        lock (_gate)
        {
            if (!Available)
                throw new HostUnavailableException("The engine does not answer.");
            return work(new InMemoryInstallation(this, installation));
        }
    }

    internal ChannelReader<MachineEvent> Watch(Guid installation) => Locked(installation, _ =>
    {
        var events = Channel.CreateUnbounded<MachineEvent>();
        _watchers.Add((installation, events));
        return events.Reader;
    });

    private void Tell(Guid installation, MachineEvent happening)
    {
        foreach (var watcher in _watchers.Where(watcher => watcher.Installation == installation))
            watcher.Events.Writer.TryWrite(happening);
    }

    /// <summary>The engine as one installation sees it, while the engine is locked.</summary>
    internal readonly struct InMemoryInstallation(InMemoryEngine engine, Guid installation)
    {
        private readonly Guid _installation = installation;

        public IEnumerable<InMemoryMachine> Machines
        {
            get
            {
                var own = _installation;
                return engine._machines.Where(pair => pair.Key.Installation == own).Select(pair => pair.Value);
            }
        }

        public IEnumerable<Guid> Networks
        {
            get
            {
                var own = _installation;
                return engine._networks.Where(key => key.Installation == own).Select(key => key.Network);
            }
        }

        public InMemoryMachine? Find(Guid machine) => engine._machines.GetValueOrDefault((_installation, machine));

        public InMemoryMachine Add(MachineSpec spec) =>
            engine._machines[(_installation, spec.Id)] = new InMemoryMachine(spec, $"10.186.{engine._lastAddress / 250}.{++engine._lastAddress % 250 + 2}");

        public bool Remove(Guid machine) => engine._machines.Remove((_installation, machine));

        public void AddNetwork(Guid network) => engine._networks.Add((_installation, network));

        public void RemoveNetwork(Guid network) => engine._networks.Remove((_installation, network));

        public void Tell(MachineEvent happening) => engine.Tell(_installation, happening);
    }
}
