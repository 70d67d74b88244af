package malt.app.report.run;

import java.util.OptionalDouble;

/** An accuracy that the paper reports for a method, with its deviation over runs where given. */
public record Published(double accuracy, OptionalDouble deviation) {}
