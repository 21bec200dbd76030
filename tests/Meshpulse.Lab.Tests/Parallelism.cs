// The machine's processors belong to the nodes under test: tests one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
