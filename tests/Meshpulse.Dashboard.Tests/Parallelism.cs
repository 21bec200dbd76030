// A browser and a mesh at a time are load enough.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
