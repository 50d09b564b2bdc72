using System.Buffers.Binary;
using Carrel.AgentProtocol;

namespace Carrel.Agent.Supervision;

/// <summary>What runit's runsv knows about a service: the 20 bytes of <c>supervise/status</c>, as its own <c>sv</c> reads them.</summary>
/// <param name="State">Whether a process runs.</param>
/// <param name="Since">When the state began.</param>
/// <param name="ProcessId">The service's process, 0 without one.</param>
internal sealed record SuperviseStatus(ServiceState State, DateTimeOffset Since, int ProcessId)
{
    private const int Length = 20;

    /// <summary>TAI label of 1970-01-01T00:00:00 as runit counts it: 2 to the 62nd, and ten leap seconds.</summary>
    private const ulong UnixEpoch = 4611686018427387914UL;

    /// <summary>Reads the bytes; null when they are not a status.</summary>
    public static SuperviseStatus? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length)
        {
            return null;
        }

        var seconds = BinaryPrimitives.ReadUInt64BigEndian(bytes) - UnixEpoch;
        if (seconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return null;
        }

        ServiceState? state = bytes[19] switch
        {
            0 => ServiceState.Down,
            1 => ServiceState.Up,
            2 => ServiceState.Finishing,
            _ => null,
        };
        return state is null
            ? null
            : new SuperviseStatus(
                state.Value,
                DateTimeOffset.FromUnixTimeSeconds((long)seconds),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
    }
}
