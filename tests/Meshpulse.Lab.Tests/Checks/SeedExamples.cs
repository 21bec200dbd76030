namespace Meshpulse.Lab.Checks;

/// <summary>The two examples of mehsh's document, as they stand there.</summary>
internal static class SeedExamples
{
    /// <summary>One server that answers and one that does not.</summary>
    public const string Local = """
        # you have to group servers into groups,
        # in practive this might be "loadbalancers", "webservers", "storageservers", ...
        # to make this example as simple as possible we've just one group named all
        [[group]]
        name = "all"

        # you've define to define every server, when you've 100 servers you would end up
        # with 100 [[server]] blocks. Every server has a name, an ip and is part of N groups.
        [[server]]
        name = "local"
        ip = "127.0.0.1"
        datacenter = "fra.dc11" # optional, datacenter of the server. great to see if a whole datacenter has issues
        groups = ["all"]
        extra1 = "some extra value you could use in placeholders"
        extra2 = "same like extra1"
        extra3 = "same like extra1"

        [[server]]
        name = "fail"
        ip = "127.0.222.1"
        datacenter = "fra.dc12"
        groups = ["all"]

        # now comes the real check
        # we're checking with the udp_ping from "local" to "all".
        # in real applications you would create one check per usecase.
        # For example, one check that checks the connection of load balancers to application servers
        # and another check that checks the connection from the application server to the database server.
        # And maybe another check that checks the connection between
        # the database servers to detect replication problems before they occur.
        [[check]]
        from = "local" # could be a servername or a group
        to = "all" # could be a servername or a group
        check = "udp_ping"

        """;

    /// <summary>Load balancers, application servers, database servers and a backup.</summary>
    public const string LampStack = """
        [[group]]
        name = "loadbalancers"

        [[group]]
        name = "applicationservers"

        [[group]]
        name = "databaseservers"

        [[server]]
        name = "loadbalancer1"
        ip = "v4:127.0.2.2"
        groups = ["loadbalancers"]

        [[server]]
        name = "loadbalancer2"
        ip = "v4:127.0.2.3"
        groups = ["loadbalancers"]

        [[server]]
        name = "applicationserver1"
        ip = "v4:127.0.3.2"
        groups = ["applicationservers"]

        [[server]]
        name = "applicationserver2"
        ip = "v4:127.0.3.3"
        groups = ["applicationservers"]

        [[server]]
        name = "databaseserver1"
        ip = "v4:127.0.4.2"
        groups = ["databaseservers"]

        [[server]]
        name = "databaseserver2"
        ip = "v4:127.0.4.3"
        groups = ["databaseservers"]

        [[server]]
        name = "databaseserver3"
        ip = "v4:127.0.4.4"
        groups = ["databaseservers"]

        [[server]]
        name = "database_backup"
        ip = "v4:127.0.5.1"
        groups = []

        # load balancers needs to access applicationservers
        [[check]]
        from = "loadbalancers"
        to = "applicationservers"
        check = "udp_ping"

        # applicationservers needs access to the database servers
        [[check]]
        from = "applicationservers"
        to = "databaseservers"
        check = "udp_ping"

        # database servers must see each other
        [[check]]
        from = "databaseservers"
        to = "databaseservers"
        check = "udp_ping"

        # backup server needs access to database servers
        [[check]]
        from = "database_backup"
        to = "databaseservers"
        check = "udp_ping"

        """;
}
