package malt.nano;

/**
 * One step of a problem.
 *
 * @param operand what is added, taken away (fixed width) or multiplied by (one digit, 2..9)
 */
public record Step(Operation operation, int operand) {}
