using System.Net;
using Carrel.Hosts.Docker.Client;
using Carrel.Hosts.Docker.Daemon;
using Carrel.Hosts.Docker.Networks;
using Carrel.Hosts.Docker.Shares;
using Carrel.Instances.Hosting;
using Microsoft.Extensions.Logging;

namespace Carrel.Hosts.Docker.Machines;

/// <summary>Machines as containers, each with a volume; found by label, whatever was remembered.</summary>
internal sealed class DockerMachines(
    DockerClient client, DockerHostOptions options, DockerNetworks networks, MachineAddresses addresses, DaemonStart daemon, ILogger logger)
{
    /// <summary>How often what hinders a start is repaired before giving up.</summary>
    private const int StartRepairs = 5;

    /// <summary>
    /// Whoever makes the same machine waits for its turn: the engine refuses a name before it shows the container that has it, and files must
    /// not be uploaded twice at once. Other machines seldom share a turn.
    /// </summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<HostCapacity> CapacityAsync(CancellationToken cancellation)
    {
        var engine = await client.InformationAsync(cancellation);
        return new HostCapacity(engine.NCPU, engine.MemTotal);
    }

    /// <summary>
    /// Volume, folders, container, files, in this order; each step finds what an earlier, interrupted call left. A container that was never
    /// started gets its files again, because nobody knows whether the earlier upload ended.
    /// </summary>
    public async Task<MachineStatus> EnsureAsync(MachineSpec machine, CancellationToken cancellation)
    {
        var turn = _turns[(uint)machine.Id.GetHashCode() % (uint)_turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            return await EnsureInTurnAsync(machine, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<MachineStatus> EnsureInTurnAsync(MachineSpec machine, CancellationToken cancellation)
    {
        var container = await FindAsync(machine.Id, cancellation);
        if (container is { State.Status: "removing" or "dead" })
        {
            await client.DeleteContainerAsync(container.Id, cancellation);
            container = null;
        }

        container ??= await MakeContainerAsync(machine, cancellation);
        if (!MachineReading.NeverStarted(container))
            return await StatusAsync(machine.Id, container, cancellation);
        await client.UploadAsync(container.Id, MachineArchive.Of(machine), cancellation);
        return MachineReading.Read(machine.Id, container, hasSecret: true, engine: null);
    }

    /// <summary>The container without its files: the state in which a crash between create and upload leaves it.</summary>
    internal async Task<ContainerDetails> MakeContainerAsync(MachineSpec machine, CancellationToken cancellation)
    {
        var network = await networks.EnsureAsync(machine.Network, cancellation);
        await MakeDiskAsync(machine, cancellation);
        var folders = new MachineFolders(
            ShareFolders.Ensure(machine.ShareFolder, "Users", machine.OwnerAlias),
            ShareFolders.Ensure(machine.ShareFolder, "Logs", machine.InstanceName));
        var capacity = await CapacityAsync(cancellation);
        var address = await addresses.ReserveAsync(network, [], cancellation);
        try
        {
            var body = MachineBody.Of(machine, options, capacity, network, address, folders);
            var answer = await client.CreateContainerAsync(ObjectNames.Container(machine), body, cancellation);
            await JudgeCreationAsync(answer, cancellation);
            logger.MachineMade(machine, address);
        }
        finally
        {
            addresses.Release(address);
        }

        return await FindAsync(machine.Id, cancellation)
            ?? throw new HostUnavailableException($"The container of {machine} is being made or removed by another request; ask again.");
    }

    /// <summary>The private disk alone; one that exists stays as it is.</summary>
    internal async Task MakeDiskAsync(MachineSpec machine, CancellationToken cancellation)
    {
        var labels = ObjectLabels.OfDisk(options.Installation, machine);
        var disk = await client.CreateVolumeAsync(new VolumeBody(ObjectNames.Volume(machine), labels), cancellation);
        if (ObjectLabels.Id(disk.Labels, ObjectLabels.Machine) != machine.Id || ObjectLabels.Id(disk.Labels, ObjectLabels.Installation) != options.Installation)
        {
            throw new HostRefusedException(
                "DiskNotOurs", $"The engine has a volume '{disk.Name}' that is not the disk of this instance. Rename or remove it, then try again.");
        }
    }

    public async Task<MachineStatus> StartAsync(Guid machineId, CancellationToken cancellation)
    {
        var refused = new List<string>();
        while (true)
        {
            var container = await FindAsync(machineId, cancellation)
                ?? throw new HostRefusedException("MachineNotFound", $"There is no machine {machineId} on this host. Create it first.");
            var status = await StatusAsync(machineId, container, cancellation);
            if (status.Phase == MachinePhase.Running)
                return status;
            if (status.Phase == MachinePhase.Incomplete)
                throw new HostRefusedException("MachineIncomplete", $"The machine {machineId} was never completely made. Make it again before it is started.");

            // The engine starts a container that somebody took off its network without complaint, and nothing ever reaches it.
            if (container.NetworkSettings?.Networks is null or { Count: 0 } && NetworkOf(container) is { } network)
                await MoveAsync(container, network, refused, cancellation);
            var answer = await client.StartContainerAsync(container.Id, cancellation);
            if (answer.Ok)
                return await StartedAsync(machineId, container.Id, cancellation);
            if (refused.Count >= StartRepairs || !await RepairStartAsync(container, answer, refused, cancellation))
                throw JudgeStart(answer);
        }
    }

    public async Task StopAsync(Guid machineId, TimeSpan grace, CancellationToken cancellation)
    {
        if (await FindAsync(machineId, cancellation) is { } container && !MachineReading.NeverStarted(container))
            await client.StopContainerAsync(container.Id, grace, cancellation);
    }

    public async Task DeleteAsync(Guid machineId, CancellationToken cancellation) => await RemoveAsync(LabelsOf(machineId), cancellation);

    public async Task PurgeAsync(CancellationToken cancellation) => await RemoveAsync([Ours], cancellation);

    public async Task<MachineStatus?> InspectAsync(Guid machineId, CancellationToken cancellation)
    {
        if (await FindAsync(machineId, cancellation) is { } container)
            return await StatusAsync(machineId, container, cancellation);
        return (await client.ListVolumesAsync(LabelsOf(machineId), cancellation)).Count > 0 ? DiskOnly(machineId) : null;
    }

    public async Task<IReadOnlyList<MachineStatus>> ListAsync(CancellationToken cancellation)
    {
        var disks = await client.ListVolumesAsync([Ours], cancellation);
        var containers = await client.ListContainersAsync([Ours], cancellation);
        var found = containers.Select(container => (container.Id, Machine: ObjectLabels.Id(container.Labels, ObjectLabels.Machine)))
            .Where(container => container.Machine is not null)
            .ToList();
        var engine = found.Count == 0 ? null : await EngineAsync(cancellation);
        var statuses = new MachineStatus?[found.Count];
        await Parallel.ForAsync(0, found.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation }, async (index, token) =>
        {
            if (await client.InspectContainerAsync(found[index].Id, token) is { } details)
                statuses[index] = await StatusAsync(found[index].Machine!.Value, details, engine, token);
        });
        var machines = statuses.OfType<MachineStatus>().ToList();
        var alone = disks.Select(disk => ObjectLabels.Id(disk.Labels, ObjectLabels.Machine)).OfType<Guid>().Except(machines.Select(machine => machine.Id));
        return [.. machines, .. alone.Select(DiskOnly)];
    }

    private (string Label, string Value) Ours => (ObjectLabels.Installation, options.Installation.ToString());

    private (string Label, string Value)[] LabelsOf(Guid machineId) => [Ours, (ObjectLabels.Machine, machineId.ToString())];

    private static MachineStatus DiskOnly(Guid machineId) =>
        new(machineId, MachinePhase.Incomplete, null, null, ExitReason: "Only the machine's disk exists.");

    private async Task<ContainerDetails?> FindAsync(Guid machineId, CancellationToken cancellation)
    {
        foreach (var container in await client.ListContainersAsync(LabelsOf(machineId), cancellation))
        {
            if (await client.InspectContainerAsync(container.Id, cancellation) is { } details)
                return details;
        }

        return null;
    }

    private async Task RemoveAsync((string Label, string Value)[] labels, CancellationToken cancellation)
    {
        foreach (var container in await client.ListContainersAsync(labels, cancellation))
            await client.DeleteContainerAsync(container.Id, cancellation);
        foreach (var disk in await client.ListVolumesAsync(labels, cancellation))
            await client.DeleteVolumeAsync(disk.Name, cancellation);
    }

    private async Task<MachineStatus> StatusAsync(Guid machineId, ContainerDetails container, CancellationToken cancellation) =>
        await StatusAsync(machineId, container, container.State.Status == "exited" ? await EngineAsync(cancellation) : null, cancellation);

    private async Task<MachineStatus> StatusAsync(Guid machineId, ContainerDetails container, EngineLife? engine, CancellationToken cancellation)
    {
        var hasSecret = !MachineReading.NeverStarted(container)
            || (await client.StatAsync(container.Id, MachineArchive.SecretPath, cancellation))?.Size == MachineArchive.SecretBytes;
        return MachineReading.Read(machineId, container, hasSecret, engine);
    }

    private async Task<EngineLife?> EngineAsync(CancellationToken cancellation) =>
        await daemon.ReadAsync(cancellation) is { } start
            ? new EngineLife(start, (await client.InformationAsync(cancellation)).LiveRestoreEnabled)
            : null;

    private async Task<MachineStatus> StartedAsync(Guid machineId, string container, CancellationToken cancellation)
    {
        var details = await client.InspectContainerAsync(container, cancellation)
            ?? throw new HostUnavailableException($"The container of machine {machineId} vanished while it started.");
        return await StatusAsync(machineId, details, cancellation);
    }

    private async Task JudgeCreationAsync(EngineAnswer answer, CancellationToken cancellation)
    {
        if (answer.Status == HttpStatusCode.NotFound && await client.InspectImageAsync(options.Image, cancellation) is null)
        {
            throw new HostRefusedException(
                "ImageNotFound", $"The Docker engine has no image '{options.Image}'. Build or load it (./up.sh does), or configure another one.");
        }

        // 409: an earlier request, or one beside this, made the same container; it is found by its label.
        answer.ThrowIfFailed(HttpStatusCode.Conflict);
    }

    /// <summary>Removes what hindered the start, when it is one of the two things that can be removed; true when starting again makes sense.</summary>
    private async Task<bool> RepairStartAsync(ContainerDetails container, EngineAnswer answer, List<string> refused, CancellationToken cancellation)
    {
        var present = MachineAddresses.Pinned(container.NetworkSettings);
        if (NetworkOf(container) is not { } spec)
            return false;
        if (IsNetworkGone(answer) && present is not null)
        {
            logger.NetworkRemade(spec.Name);
            await AttachAsync(container, await networks.EnsureAsync(spec, cancellation), present, cancellation);
            refused.Add("");
            return true;
        }

        if (!answer.Message.Contains("Address already in use", StringComparison.OrdinalIgnoreCase))
            return false;
        refused.Add(present ?? "");
        await MoveAsync(container, spec, refused, cancellation);
        return true;
    }

    /// <summary>Gives a container that does not run another address in its network.</summary>
    private async Task MoveAsync(ContainerDetails container, NetworkSpec spec, List<string> refused, CancellationToken cancellation)
    {
        var network = await networks.EnsureAsync(spec, cancellation);
        var address = await addresses.ReserveAsync(network, refused, cancellation);
        try
        {
            logger.MachineMoved(container.Name, MachineAddresses.Pinned(container.NetworkSettings), address);
            await AttachAsync(container, network, address, cancellation);
        }
        finally
        {
            addresses.Release(address);
        }
    }

    private static NetworkSpec? NetworkOf(ContainerDetails container)
    {
        var labels = container.Config.Labels ?? [];
        return ObjectLabels.Id(labels, ObjectLabels.Network) is { } id
            ? new NetworkSpec(id, labels.GetValueOrDefault(ObjectLabels.NetworkName) ?? "network")
            : null;
    }

    /// <summary>Pins a container that does not run to an address; the engine keeps no trace of its former place.</summary>
    private async Task AttachAsync(ContainerDetails container, PlacedNetwork network, string address, CancellationToken cancellation)
    {
        // Engine 20.10 answers 500 to the disconnection of what is not connected.
        if (container.NetworkSettings?.Networks?.ContainsKey(network.Name) == true)
            await client.DisconnectAsync(network.Name, container.Id, cancellation);
        await client.ConnectAsync(network.Name, container.Id, address, cancellation);
    }

    private static bool IsNetworkGone(EngineAnswer answer) =>
        answer.Message.Contains("network", StringComparison.OrdinalIgnoreCase) && answer.Message.Contains("not found", StringComparison.OrdinalIgnoreCase);

    private static Exception JudgeStart(EngineAnswer answer) => answer.Status == HttpStatusCode.ServiceUnavailable
        ? new HostUnavailableException($"The Docker engine failed: {answer.Message}")
        : new HostRefusedException("MachineCannotStart", $"The machine cannot start: {answer.Message}");
}
