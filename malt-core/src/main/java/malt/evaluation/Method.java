package malt.evaluation;

/**
 * A row of the report: a read-out of a team's passes. Several methods may read the same passes.
 *
 * @param name as reports show it, such as "MALT+MV"
 * @param team whose passes are read
 */
public record Method(String name, String team, AnsweringStrategy strategy) {}
