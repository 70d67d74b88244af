package malt.app.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands, as {@code --help} lists them. */
enum CommandGroup {
  EXPERIMENT(
      "An experiment and its stages",
      RunCommand.class,
      PlanCommand.class,
      ConfigCommand.class,
      CollectCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      WatchCommand.class,
      ReportCommand.class,
      RelabelCommand.class,
      RegradeCommand.class),
  DATA(
      "Data and models",
      GradeCommand.class,
      ExportCommand.class,
      TokenizeCommand.class,
      RenderCommand.class,
      LogProbsCommand.class,
      GenerateCommand.class,
      MergeCommand.class,
      DoctorCommand.class,
      RandomModelCommand.class),
  SERVING("A trained team at work", ServeCommand.class, ChatCommand.class),
  EMBEDDED("The embedded model", PretrainCommand.class),
  HELP("Help", CommandLine.HelpCommand.class);

  private static final int NAME_WIDTH = 16;

  private final String heading;
  private final List<Class<?>> commands;

  CommandGroup(String heading, Class<?>... commands) {
    this.heading = heading;
    this.commands = List.of(commands);
  }

  /** Adds all commands to the root, whose help then lists them in groups. */
  static void addTo(CommandLine root) {
    for (CommandGroup group : values()) {
      group.commands.forEach(root::addSubcommand);
    }
    root.getHelpSectionMap().remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING);
    root.getHelpSectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            help ->
                Stream.of(values())
                    .map(group -> group.listing(help))
                    .collect(Collectors.joining()));
  }

  /** A heading, and a line for each command. */
  private String listing(Help root) {
    int width = root.commandSpec().usageMessage().width();
    TextTable table =
        TextTable.forColumns(
            root.colorScheme(),
            new Column(NAME_WIDTH, 2, Column.Overflow.SPAN),
            new Column(width - NAME_WIDTH, 0, Column.Overflow.WRAP));
    for (Help command : root.subcommands().values()) {
      if (commands.contains(command.commandSpec().userObject().getClass())) {
        UsageMessageSpec usage = command.commandSpec().usageMessage();
        String[] said = usage.header().length > 0 ? usage.header() : usage.description();
        table.addRowValues(command.commandSpec().name(), said.length > 0 ? said[0] : "");
      }
    }
    return "%n%s:%n%s".formatted(heading, table);
  }
}
