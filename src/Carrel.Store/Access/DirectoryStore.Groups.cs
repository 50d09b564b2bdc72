using Carrel.Access.Directory;
using Dapper;

namespace Carrel.Store.Access;

/// <content>Groups and their members. UNION without ALL makes a walk through groups end even where they go in a circle.</content>
public sealed partial class DirectoryStore
{
    private const string Above = """
        WITH RECURSIVE above (id) AS (
            SELECT group_id FROM group_members WHERE member_id = @id
            UNION SELECT m.group_id FROM group_members m JOIN above ON m.member_id = above.id)
        SELECT id FROM above
        """;

    private const string Below = """
        WITH RECURSIVE below (id) AS (
            SELECT member_id FROM group_members WHERE group_id = @id
            UNION SELECT m.member_id FROM group_members m JOIN below ON m.group_id = below.id)
        SELECT id FROM below
        """;

    /// <inheritdoc/>
    public Task<DirectoryGroup?> FindGroupAsync(Guid objectId, CancellationToken cancellation) => database.ReadAsync(
        connection => connection.QuerySingleOrDefault<DirectoryGroupRow>(
            $"SELECT {DirectoryGroupRow.Columns} FROM directory_groups WHERE object_id = @id", new { id = AccessColumns.Text(objectId) })?.ToGroup(),
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DirectoryGroup>> ListGroupsAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<DirectoryGroup>>(
        connection => [.. connection.Query<DirectoryGroupRow>($"SELECT {DirectoryGroupRow.Columns} FROM directory_groups ORDER BY name_key").Select(row => row.ToGroup())],
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryAddGroupAsync(DirectoryGroup group, CancellationToken cancellation) => ChangeAsync(
        (connection, transaction) => !IsTaken(connection, transaction, group.ObjectId) && connection.Execute(
            """
            INSERT INTO directory_groups (object_id, name_key, display_name, description, created_at)
            VALUES (@ObjectId, @NameKey, @DisplayName, @Description, @CreatedAt)
            ON CONFLICT DO NOTHING
            """,
            Values(group),
            transaction) == 1,
        cancellation);

    /// <inheritdoc/>
    public Task<bool> TryUpdateGroupAsync(DirectoryGroup group, CancellationToken cancellation) => ChangeAsync(
        (connection, transaction) => connection.Execute(
            """
            UPDATE directory_groups SET name_key = @NameKey, display_name = @DisplayName, description = @Description
            WHERE object_id = @ObjectId AND NOT EXISTS (SELECT 1 FROM directory_groups WHERE name_key = @NameKey AND object_id <> @ObjectId)
            """,
            Values(group),
            transaction) == 1,
        cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteGroupAsync(Guid objectId, CancellationToken cancellation) => ChangeGuardedAsync(
        (connection, transaction) =>
        {
            var values = new { id = AccessColumns.Text(objectId) };
            connection.Execute("DELETE FROM group_members WHERE group_id = @id OR member_id = @id", values, transaction);
            return connection.Execute("DELETE FROM directory_groups WHERE object_id = @id", values, transaction) == 1;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<MemberAddition> AddMemberAsync(Guid groupId, Guid memberId, CancellationToken cancellation) => ChangeAsync(
        (connection, transaction) =>
        {
            string group = AccessColumns.Text(groupId), member = AccessColumns.Text(memberId);
            if (connection.ExecuteScalar<long>("SELECT COUNT(*) FROM directory_groups WHERE object_id = @group", new { group }, transaction) == 0)
                return MemberAddition.NoSuchGroup;
            if (!IsTaken(connection, transaction, memberId))
                return MemberAddition.NoSuchMember;
            if (member == group || connection.Query<string>(Below, new { id = member }, transaction).Contains(group, StringComparer.Ordinal))
                return MemberAddition.Cycle;
            int added = connection.Execute(
                "INSERT INTO group_members (group_id, member_id) VALUES (@group, @member) ON CONFLICT DO NOTHING", new { group, member }, transaction);
            return added == 1 ? MemberAddition.Added : MemberAddition.AlreadyThere;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<bool> RemoveMemberAsync(Guid groupId, Guid memberId, CancellationToken cancellation) => ChangeGuardedAsync(
        (connection, transaction) => connection.Execute(
            "DELETE FROM group_members WHERE group_id = @group AND member_id = @member",
            new { group = AccessColumns.Text(groupId), member = AccessColumns.Text(memberId) },
            transaction) == 1,
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ListMembersAsync(Guid groupId, bool transitive, CancellationToken cancellation) =>
        ListIdsAsync(transitive ? Below : "SELECT member_id FROM group_members WHERE group_id = @id", groupId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ListGroupsOfAsync(Guid memberId, CancellationToken cancellation) => ListIdsAsync(Above, memberId, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ListOwnGroupsAsync(Guid memberId, CancellationToken cancellation) =>
        ListIdsAsync("SELECT group_id FROM group_members WHERE member_id = @id", memberId, cancellation);

    private Task<IReadOnlyList<Guid>> ListIdsAsync(string sql, Guid id, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Guid>>(
        connection => [.. connection.Query<string>(sql, new { id = AccessColumns.Text(id) }).Select(Guid.Parse)], cancellation);

    private static object Values(DirectoryGroup group) => new
    {
        ObjectId = AccessColumns.Text(group.ObjectId),
        NameKey = AccessColumns.Key(group.DisplayName),
        group.DisplayName,
        group.Description,
        CreatedAt = AccessColumns.Ticks(group.CreatedAt),
    };

    private sealed class DirectoryGroupRow
    {
        internal const string Columns = "object_id AS ObjectId, display_name AS DisplayName, description AS Description, created_at AS CreatedAt";

        public string ObjectId { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string? Description { get; init; }

        public long CreatedAt { get; init; }

        internal DirectoryGroup ToGroup() => new(Guid.Parse(ObjectId), DisplayName, Description, AccessColumns.Instant(CreatedAt));
    }
}
