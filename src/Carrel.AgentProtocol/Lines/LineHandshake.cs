using System.Security.Cryptography;
using System.Text;

namespace Carrel.AgentProtocol.Lines;

/// <summary>How a machine took the server's introduction.</summary>
public enum LineReception
{
    /// <summary>Whoever listens closed the connection, or said too much, before it proved anything.</summary>
    Silent,

    /// <summary>Whoever listens does not know the machine's secret.</summary>
    Stranger,

    /// <summary>It is the machine, and it does not take the purpose: an agent that does not know it, or a tunnel that is gone.</summary>
    Declined,

    /// <summary>It is the machine, and the line is open.</summary>
    Accepted,
}

/// <summary>
/// How both sides of a line show that they know the machine's secret, without showing it: each proves it over random values of both. Addresses of
/// machines are reused, so a server that took whoever answers for the machine would give one machine's tokens to another; what that other one
/// hears here is of no use to it anywhere.
/// </summary>
/// <remarks>
/// <code>
/// server: carrel-line/1 NONCE
/// agent:  NONCE PROOF
/// server: PROOF PURPOSE
/// agent:  ok
/// </code>
/// </remarks>
public static class LineHandshake
{
    private const int NonceBytes = 16;
    private const int LongestText = 256;
    private const string Accepted = "ok";

    /// <summary>Introduces the server, and makes sure that the machine is the one whose secret this is.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<LineReception> AsServerAsync(Stream line, MachineSecret secret, string purpose, CancellationToken cancellation)
    {
        string mine = Nonce();
        await WriteAsync(line, $"{LineContract.Greeting} {mine}", cancellation);
        if (await ReadAsync(line, cancellation) is not { } introduction)
        {
            return LineReception.Silent;
        }

        if (introduction.Split(' ') is not [{ Length: 2 * NonceBytes } theirs, var proof]
            || !MachineSecret.Matches(Proof(secret, "agent", mine, theirs), proof))
        {
            return LineReception.Stranger;
        }

        await WriteAsync(line, $"{Proof(secret, "server", mine, theirs)} {purpose}", cancellation);
        return await ReadAsync(line, cancellation) == Accepted ? LineReception.Accepted : LineReception.Declined;
    }

    /// <summary>Introduces the agent, and makes sure that the server is the one that knows the secret.</summary>
    /// <param name="line">The connection.</param>
    /// <param name="secret">The machine's secret.</param>
    /// <param name="takes">Whether the agent takes a purpose.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What the line is for; null when it is nobody's.</returns>
    public static async Task<string?> AsAgentAsync(Stream line, MachineSecret secret, Func<string, bool> takes, CancellationToken cancellation)
    {
        if ((await ReadAsync(line, cancellation))?.Split(' ') is not [LineContract.Greeting, { Length: 2 * NonceBytes } theirs])
        {
            return null;
        }

        string mine = Nonce();
        await WriteAsync(line, $"{mine} {Proof(secret, "agent", theirs, mine)}", cancellation);
        if ((await ReadAsync(line, cancellation))?.Split(' ', 2) is not [var proof, var purpose]
            || !MachineSecret.Matches(Proof(secret, "server", theirs, mine), proof)
            || !takes(purpose))
        {
            return null;
        }

        await WriteAsync(line, Accepted, cancellation);
        return purpose;
    }

    // The role is part of it, so that nobody can answer with what was just asked of him.
    private static string Proof(MachineSecret secret, string role, string server, string agent) => secret.Derive($"line {role} {server} {agent}");

    private static string Nonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));

    private static async Task WriteAsync(Stream line, string text, CancellationToken cancellation) =>
        await line.WriteAsync(Encoding.ASCII.GetBytes(text + "\n"), cancellation);

    // One byte at a time: what follows belongs to whoever takes the line over.
    private static async Task<string?> ReadAsync(Stream line, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (text.Length < LongestText && await line.ReadAsync(one, cancellation) == 1)
        {
            if (one[0] == '\n')
            {
                return text.ToString();
            }

            text.Append((char)one[0]);
        }

        return null;
    }
}
