package malt.experiment;

import java.util.List;
import malt.StrictYaml;

/** A complete configuration of four additions, for a scripted model. */
public final class TinyConfig {
  static final String TEXT =
      """
      name: tiny
      seeds: [1]
      model:
        path: none
        layout: chat
        template_variables: {}
        date: 2024-07-26
        stop: []
        dtype: float32
      machine:
        threads: 1
        operation_threads: 1
        batch_rows: 8
        training_batch_tokens: 64
        recompute_activations: false
      problems:
        source: nano
        train_file: ""
        dev_file: ""
        test_file: ""
        fields: {question: question, answer: answer, choices: ""}
        dev_from_train: 0
        train: 4
        dev: 0
        test: 4
        take: drawn
        seed: 1
        variant: standard
        test_variant: standard
        grader: number
        evaluate_on: test
      team:
        generator:
          branching: 3
          max_tokens: 16
          learns: [sft]
          prompt: [user: "{question}"]
        verifier:
          branching: 2
          max_tokens: 16
          judges: true
          flag: wrong
          learns: [sft, dpo]
          prompt: [user: "{question}", assistant: "{generator}", user: Check the answer.]
        refiner:
          branching: 2
          max_tokens: 16
          learns: [sft, dpo]
          prompt:
            - user: "{question}"
            - assistant: "{generator}"
            - user: Check the answer.
            - assistant: "{verifier}"
            - user: Improve the answer.
      sampling: {tree_temperature: 1.0, evaluation_temperature: 0.7, top_p: 1.0, problems_per_call: 2}
      credit: {threshold: 0.5, pooling: global}
      datasets:
        truncated: keep
        max_examples_per_prompt: 0
        max_pairs_per_prompt: 0
        max_examples: 0
        max_pairs: 0
        pairing: widest-gap
        contested_only: true
        balance: true
        max_repeat: 4
        min_value_gap: 0.0
      lora: {rank: 2, alpha: 4.0, rslora: false, targets: [q_proj]}
      sft:
        learning_rate: 0.002
        beta1: 0.9
        beta2: 0.98
        weight_decay: 0.0
        warmup: 0.05
        final_learning_rate: 0.1
        max_gradient_norm: 1.0
        batch_size: 24
        epochs: 1
      dpo:
        optimizer:
          learning_rate: 0.002
          beta1: 0.9
          beta2: 0.98
          weight_decay: 0.0
          warmup: 0.05
          final_learning_rate: 0.1
          max_gradient_norm: 1.0
          batch_size: 24
          epochs: 1
        beta: 0.1
        nll_weight: 1.0
        length_normalised: false
      schedules:
        joint:
          label: ""
          rounds:
            - {name: joint, train: [{method: sft}, {method: dpo}]}
        generator-first:
          label: GF
          rounds:
            - name: joint
              train: [{method: sft, roles: [generator]}, {method: dpo, roles: [generator]}]
            - name: generator-first
              train:
                - {method: sft, roles: [verifier, refiner]}
                - {method: dpo, roles: [verifier, refiner]}
        sft-first:
          label: SF
          rounds:
            - {name: joint, train: [{method: sft}, {method: dpo, roles: [generator]}]}
            - {name: sft-first, train: [{method: dpo, roles: [verifier, refiner]}]}
      run: [joint, generator-first]
      evaluation:
        votes: 3
        equal_calls: false
        ablations: [shuffled-critiques]
        ablated: [joint]
        debate:
          agents: 2
          rounds: 2
          max_tokens: 16
          separator: " / "
          first: [user: "{question}"]
          again: [user: "{question}", assistant: "{own}", user: "Others say: {others}"]
        paper: ""
      report: {trees: 2}
      """;

  /** A server to add to it. */
  static final String SERVER =
      "remote={stages: [collect], server: {url: 'http://127.0.0.1:1/v1', api: chat, model: none,"
          + " adapters: {}, seed: true, key_variable: '', stop: [], samples_per_request: 1,"
          + " requests_in_flight: 1, timeout_seconds: 1, patience_seconds: 0}}";

  /** Reinforcement learning to add to it, in two rounds from the base. */
  static final String[] ONLINE = {
    "run=[online]",
    "evaluation.ablated=[]",
    "schedules.online={label: RL, rounds: [{name: online, repeat: 2, train: [{method: ppo}]}]}",
    "team.verifier.learns=[sft, dpo, ppo]",
    "team.refiner.learns=[ppo]",
    "ppo={level: token, clip_low: 0.2, clip_high: 0.2, kl_weight: 0.0, normalised: false,"
        + " optimizer: {learning_rate: 0.001, beta1: 0.9, beta2: 0.98, weight_decay: 0.0,"
        + " warmup: 0.0, final_learning_rate: 0.1, max_gradient_norm: 1.0, batch_size: 8,"
        + " epochs: 1}}"
  };

  /**
   * Rounds that read others' trees, to add to it: one labels the first one's anew, the next two
   * learn from all, and a single model too.
   */
  static final String[] ROUNDS = {
    "run=[joint]",
    "schedules.joint.rounds=[{name: first, train: [{method: sft}]},"
        + " {name: anew, trees: first, threshold: 0.2, train: [{method: sft, roles: [refiner]}]},"
        + " {name: all, trees: all, repeat: 2,"
        + " train: [{method: sft, from: current}, {method: dpo}],"
        + " distil: {says: answer, max_tokens: 16, prompt: [user: '{question}']}}]"
  };

  /** Repetitions that may end early, and a round after them, to add to it. */
  static final String[] STOPPING = {
    "run=[joint]",
    "problems.dev=4",
    "evaluation.ablations=[]",
    "evaluation.debate=null",
    "schedules.joint.rounds=[{name: more, repeat: 4, patience: 1,"
        + " train: [{method: sft, roles: [refiner], from: current}]},"
        + " {name: last, trees: all, train: [{method: sft, roles: [verifier]}]}]"
  };

  private TinyConfig() {}

  /** The configuration with overrides such as "seeds=[1, 2]"; its rules are not checked. */
  public static ExperimentConfig with(String... overrides) {
    return parse(TEXT, overrides);
  }

  static ExperimentConfig parse(String text, String... overrides) {
    return StrictYaml.parse(text, "tiny.yaml", List.of(overrides), ExperimentConfig.class);
  }

  static Manifest manifest(String base) {
    return new Manifest("toy", "0", "17", "none", base, "template", "2026-01-01T00:00:00Z");
  }
}
