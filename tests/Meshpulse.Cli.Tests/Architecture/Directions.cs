namespace Meshpulse.Cli.Tests.Architecture;

/// <summary>Which folder of a project may use which.</summary>
internal static class Directions
{
    /// <summary>Uses that the plan does not allow, one line each.</summary>
    /// <param name="types">The project's types.</param>
    /// <param name="room">Its root namespace.</param>
    /// <param name="allowed">By folder, what it may use beside itself: folders, or whole namespaces of other projects of ours.</param>
    public static IEnumerable<string> Violations(IEnumerable<Type> types, string room, IReadOnlyDictionary<string, string[]> allowed)
    {
        foreach (var type in types.Where(t => FolderOf(t, room) is not null))
        {
            var folder = FolderOf(type, room)!;
            if (!allowed.TryGetValue(folder, out var uses))
            {
                yield return $"{folder}: the plan has no place for this folder";
                continue;
            }

            // Without a namespace are only the compiler's own: the data of array initialisers.
            foreach (var used in TypeUse.Of(type).Where(u => u.Namespace is not null))
            {
                var target = FolderOf(used, room) ?? (Rooms.IsOurs(used.Assembly.GetName().Name!) ? used.Assembly.GetName().Name! : null);
                if (target is not null && target != folder && !uses.Contains(target))
                {
                    yield return $"{type} of {folder} uses {used} of {target}";
                }
            }
        }
    }

    private static string? FolderOf(Type type, string room) =>
        type.Namespace is { } name && name.StartsWith(room + ".", StringComparison.Ordinal) ? name[(room.Length + 1)..].Split('.')[0] : null;
}
