using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every signature here is blittable; saying so lets the runtime call straight through and refuses any that is not.
[assembly: DisableRuntimeMarshalling]

// The C library is the system's. Without this the loader would first look for a "libc" beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
[assembly: InternalsVisibleTo("Meshpulse.Linux.Tests")]
