using Carrel.Arm.Audit;
using Carrel.Arm.Identity;
using Carrel.Engine.Events;
using Carrel.Store.Access;
using Carrel.Store.Engine;
using Carrel.Store.Sqlite;
using NodaTime;

namespace Carrel.Store.Tests.Access;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task What_Access_writes_down_stands_in_the_history_of_its_scope()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("carrel-store-").FullName;
        try
        {
            await using SqliteDatabase database = SqliteDatabase.Open(Path.Combine(folder, "carrel.db"), TimeProvider.System);
            var ann = new Caller(Guid.NewGuid(), Guid.NewGuid(), null, "ann@carrel.local", CallerKind.User);
            var subscription = Guid.NewGuid();
            string target = AuditTargets.Principal(subscription, ann.ObjectId);
            AuditRequest request = AuditRequest.New("browser\r\n" + new string('x', 5000));
            await new AuditTrail(database, TimeProvider.System).WriteAsync(
                new AuditRecord(ann, "Carrel.Access/signIn/action", target, AuditOutcome.Denied, "The account is disabled.", request), CancellationToken.None);

            IReadOnlyList<StoredEvent> found = await new EngineStore(database).ReadAsync(
                view => view.ListEvents(new EventQuery($"/subscriptions/{subscription}", Instant.MinValue, Instant.FromUtc(9999, 1, 1, 0, 0), 10)));
            ActivityEvent row = found.ShouldHaveSingleItem().Event;
            row.Actor.ObjectId.ShouldBe(ann.ObjectId);
            row.Actor.Name.ShouldBe("ann@carrel.local");
            (row.Action, row.Target, row.Outcome, row.Level, row.Detail).ShouldBe(("Carrel.Access/signIn/action", target, "Denied", EventLevel.Warning, "The account is disabled."));
            row.RequestId.ShouldBe(request.RequestId);
            row.UserAgent!.Length.ShouldBe(AuditText.LongestUserAgent - 2, "control characters are left out");
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }
}
