package malt.app.report.run;

import java.util.List;
import java.util.OptionalLong;

/**
 * What one role contributed to the trees and training sets of one schedule, summed over seeds.
 *
 * @param histogram nodes by value in equal bins of [0, 1]; empty where it is not known
 * @param nodes empty where only training sets were found
 */
public record RoleStatistics(
    String schedule,
    String role,
    OptionalLong nodes,
    OptionalLong correct,
    List<Long> histogram,
    OptionalLong sftExamples,
    OptionalLong preferencePairs,
    OptionalLong ungradable,
    OptionalLong truncated,
    OptionalLong noAnswer) {}
