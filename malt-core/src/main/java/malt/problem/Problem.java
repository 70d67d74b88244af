package malt.problem;

/**
 * One question with its reference answer.
 *
 * @param id unique within its benchmark; part of every seed, so it must not depend on order
 * @param question the text put into prompts
 * @param answer the reference answer as graders compare it (GSM8K: what follows {@code ####})
 */
public record Problem(String id, String question, String answer) {}
