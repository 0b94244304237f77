import FactoryCLI
import Glibc

exit(await FactoryProgram.run(Array(CommandLine.arguments.dropFirst())))
