using Carrel.Engine.Operations;
using Carrel.Engine.Storage;
using Carrel.Instances.Lifecycle;
using Carrel.Instances.Resources;
using Carrel.Instances.Specs;
using Carrel.Store.Engine;
using Carrel.Store.Sqlite;
using NodaTime;

namespace Carrel.Bench.Schedules;

/// <summary>A store file with 25,000 instances of four schedules each; the first 10,000 have a Stop at one instant.</summary>
internal sealed class StoredSchedules : IAsyncDisposable
{
    internal const int Instances = 25_000;
    internal const int DueAtOnce = 10_000;

    private const string Subscription = "11111111-1111-1111-1111-111111111111";

    private readonly string _folder = Directory.CreateTempSubdirectory("carrel-bench-").FullName;
    private readonly SqliteDatabase _database;

    private StoredSchedules()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder, "carrel.db"), TimeProvider.System);
        Store = new EngineStore(_database);
    }

    internal IEngineStore Store { get; }

    /// <summary>One of the instances that have nothing due.</summary>
    internal static InstanceAddress QuietAddress(int number) => Address(DueAtOnce + (number % (Instances - DueAtOnce)));

    internal static async Task<StoredSchedules> MakeAsync(Instant now, Instant due)
    {
        var stored = new StoredSchedules();
        var ann = new Principal(Guid.NewGuid(), Guid.NewGuid(), "ann@contoso.com", "User");
        var workspace = new Workspace(
            Guid.NewGuid(), new WorkspaceAddress(Subscription, "team", "lab"), "local", new WorkspaceModel(new Dictionary<string, string>(), null, null, null, "None", "{}"), false, ann, now, ann, now, 1);
        string[] texts = [.. Expressions.Make(Instances * 4).Select(text => $"{text.Carrel}\t{text.Zone}")];
        string start = due.InUtc().LocalDateTime.ToString("uuuu-MM-dd'T'HH:mm:ss", null);
        await stored.Store.WriteAsync(transaction =>
        {
            transaction.Insert(workspace);
            for (int index = 0; index < Instances; index++)
            {
                ScheduleModel[] schedules = [.. texts.Skip(index * 4).Take(4).Select(text => text.Split('\t')).Select((text, place) => place == 0 && index < DueAtOnce
                    ? new ScheduleModel(Guid.NewGuid(), ScheduleStatus.Enabled, ScheduleAction.Stop, null, new RecurrenceModel(start, null, "UTC", RecurrenceFrequency.Hour, 1000, [], [], [], [], []), now)
                    // Far enough away not to be due in between.
                    : new ScheduleModel(Guid.NewGuid(), ScheduleStatus.Enabled, ScheduleAction.Start, new CronModel("2030-01-01T00:00:00", null, text[1], text[0]), null, now))];
                transaction.Insert(
                    new ComputeInstance(
                        Guid.NewGuid(), workspace.Uid, Address(index), "local", new ComputeInstanceModel("STANDARD_DS1_V2") { Schedules = schedules },
                        new ComputeInstanceState(InstanceState.Running, ProvisioningState.Succeeded), ann, now, ann, now, ann.ObjectId, "ann", 1),
                    "standardDSv2Family",
                    1);
            }

            return true;
        });
        return stored;
    }

    private static InstanceAddress Address(int index) => new(Subscription, "team", "lab", $"desk{index}x");

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
