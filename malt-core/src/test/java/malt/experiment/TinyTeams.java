package malt.experiment;

/** Teams of every shape, as changes of {@link TinyConfig}. */
public enum TinyTeams {
  /** A generator alone. */
  ALONE(
      "team.verifier=null",
      "team.refiner=null",
      "run=[joint]",
      "evaluation.ablations=[]",
      "evaluation.debate=null"),
  /** A generator and a refiner. */
  PAIR(
      "team.verifier=null",
      "team.refiner.prompt=[user: '{question}', assistant: '{generator}', user: Improve.]",
      "run=[joint]",
      "evaluation.ablations=[untrained-role, dropped-role]"),
  /** Two roles that speak twice, each under one adapter. */
  TWICE(
      "team.verifier-2={role: verifier, branching: 2, max_tokens: 16, judges: true, flag: wrong,"
          + " learns: [sft, dpo], prompt: [user: '{question}', assistant: '{refiner}',"
          + " user: Check the answer.]}",
      "team.refiner-2={role: refiner, branching: 2, max_tokens: 16, learns: [sft, dpo],"
          + " prompt: [user: '{question}', assistant: '{verifier-2}', user: Improve the answer.]}",
      "run=[joint]"),
  /** A verifier and a refiner that go on, twice at most. */
  LOOP(
      "loop={turns: [verifier, refiner], times: 2}",
      "run=[joint]",
      "evaluation.ablations=[]",
      "team.verifier.prompt=[user: '{question}', assistant: '{answer}', user: Check the answer.]",
      "team.refiner.prompt=[user: '{question}', assistant: '{critique}', user: Improve.]"),
  /** Two debaters of one role and adapter who vote. */
  DEBATE(
      "team={generator: null, verifier: null, refiner: null,"
          + " a: {%s, branching: 2, prompt: [user: '{question}']},"
              .formatted("role: debater, max_tokens: 16, learns: [sft, dpo]")
          + " b: {%s, branching: 2, prompt: [user: '{question}']},"
              .formatted("role: debater, max_tokens: 16, learns: [sft, dpo]")
          + " a-2: {%s, branching: 1, prompt: [user: '{question}', assistant: '{a}', user: '{b}']},"
              .formatted("role: debater, max_tokens: 16, learns: [sft, dpo]")
          + " b-2: {%s, branching: 1, prompt: [user: '{question}', assistant: '{b}', user: '{a}']}}"
              .formatted("role: debater, max_tokens: 16, learns: [sft, dpo]"),
      "voters=2",
      "run=[joint]",
      "evaluation.ablations=[]"),
  /** Five roles. */
  FIVE(
      "team.checker={branching: 1, max_tokens: 16, learns: [sft, dpo],"
          + " prompt: [user: '{question}', assistant: '{refiner}', user: Check.]}",
      "team.editor={branching: 1, max_tokens: 16, learns: [sft, dpo],"
          + " prompt: [user: '{question}', assistant: '{checker}']}",
      "evaluation.ablations=[dropped-role, shuffled-critiques, swapped-adapters]");

  private final String[] overrides;

  TinyTeams(String... overrides) {
    this.overrides = overrides;
  }

  /** For {@link TinyConfig#with}. */
  public String[] overrides() {
    return overrides.clone();
  }
}
