package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigRulesTest {
  private static AbstractThrowableAssert<?, ?> violations(String... overrides) {
    return violations(TinyConfig.with(overrides));
  }

  private static AbstractThrowableAssert<?, ?> violations(ExperimentConfig config) {
    return assertThatThrownBy(() -> ConfigRules.check(config, "tiny.yaml"))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void the_tiny_configuration_violates_nothing() {
    assertThatCode(() -> ConfigRules.check(TinyConfig.with(), "tiny.yaml"))
        .doesNotThrowAnyException();
  }

  @Test
  void a_schedule_that_is_not_run_may_be_named_for_ablations() {
    assertThatCode(
            () ->
                ConfigRules.check(
                    TinyConfig.with("run=[joint]", "evaluation.ablated=[sft-first]"), "tiny.yaml"))
        .doesNotThrowAnyException();
  }

  @Test
  void all_violations_are_reported_at_once() {
    violations("name=a/b", "seeds=[2, 2]", "dpo.beta=0", "sampling.top_p=1.5", "problems.train=0")
        .hasMessage(
            """
            tiny.yaml:
              - name: letters, digits, '.', '_' and '-' only, found 'a/b'
              - seeds: [2, 2] repeats one
              - problems.train: 1 or more, found 0
              - sampling.top_p: in (0, 1], found 1.5
              - dpo.beta: above 0, found 0.0\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seeds=[] | seeds:",
        "machine.threads=0 | machine.threads:",
        "machine.device=gpu | machine.device: cpu, cuda:0 (the number of the card) or mps",
        "machine.device=cuda:x | machine.device: cpu, cuda:0",
        "model.path='' | model.path:",
        "model.date=today | model.date:",
        "model.stop=[''] | model.stop:",
        "model.template_variables={messages: 1} | model.template_variables: messages",
        "problems.dev_from_train=-1 | problems.dev_from_train:",
        "problems.dev_from_train=2 | problems.dev_from_train:",
        "lora.targets=[head] | lora.targets:",
        "lora.targets=[q_proj, q_proj] | lora.targets:",
        "lora.alpha=1e999 | lora.alpha:",
        "sft.learning_rate=1e999 | sft.learning_rate:",
        "sft.beta1=1 | sft.beta1:",
        "sft.beta2=-0.1 | sft.beta2:",
        "sft.weight_decay=-0.1 | sft.weight_decay:",
        "dpo.optimizer.max_gradient_norm=0 | dpo.optimizer.max_gradient_norm:",
        "dpo.nll_weight=-1 | dpo.nll_weight:",
        "problems.source=web | problems.source:",
        "problems.source=gsm8k | problems.train_file:",
        "problems={source: gsm8k, train_by_seed: true, take: first} | problems.train_by_seed:",
        "problems.grader=toy | problems.grader:",
        "evaluation.paper=gsm8k | evaluation.paper:",
        "problems.evaluate_on=train | problems.evaluate_on:",
        "problems.evaluate_on=dev | problems.dev:",
        "sampling.tree_temperature=0 | sampling.tree_temperature:",
        "sampling.problems_per_call=1 | shuffled-critiques",
        "problems.test=1 | shuffled-critiques",
        "evaluation.ablated=[sideways] | evaluation.ablated: of the schedules [joint, generator-first, sft-first], found [sideways]",
        "run=[] | run: one or more of joint, generator-first, sft-first, found []",
        "run=[sideways] | run: one or more of joint, generator-first, sft-first, found [sideways]",
        "run=[joint, joint] | run: one stands twice",
        "schedules.generator-first.label='' | run: rows of two schedules would both be called SFT MA, MALT",
        "schedules.joint.rounds=[] | schedules.joint.rounds: at least one is needed",
        "schedules.joint.rounds=[{name: a, repeat: 0, train: []}] | schedules.joint.rounds.a.repeat:",
        "schedules.joint.rounds=[{name: a, threshold: 1, train: []}] | rounds.a.threshold:",
        "schedules.joint.rounds=[{name: a, threshold: [], train: []}] | rounds.a.threshold:",
        "schedules.joint.rounds=[{name: a, repeat: 2, threshold: [0.5, 1], train: []}] | rounds.a.threshold:",
        "schedules.joint.rounds=[{name: a, repeat: 2, threshold: [0, 0, 0], train: []}] | rounds.a.threshold: [0.0, 0.0, 0.0], which are more",
        "schedules.joint.rounds=[{name: a, branching: [3, 3], train: []}] | rounds.a.branching:",
        "schedules.joint.rounds=[{name: a, branching: [3, 0, 3], train: []}] | rounds.a.branching:",
        "schedules.joint.rounds=[{name: a, repeat: 2, patience: 0, train: []}] | rounds.a.patience: 1 or more",
        "schedules.joint.rounds=[{name: a, patience: 1, train: []}] | rounds.a.patience: only of a round with repeat",
        "schedules.joint.rounds=[{name: a, repeat: 2, patience: 1, train: []}] | rounds.a.patience: it is measured on the dev questions",
        "schedules.joint.rounds=[{name: a, train: [], distil: {says: answer, max_tokens: 0, prompt: [user: '{question}']}}] | rounds.a.distil.max_tokens:",
        "schedules.joint.rounds=[{name: a, train: [], distil: {says: answer, max_tokens: 9, prompt: [user: '{generator}']}}] | rounds.a.distil.prompt:",
        "sampling.adaptive={first: [3, 1], agree: 2} | sampling.adaptive.first:",
        "sampling.adaptive={first: [3, 1, 0], agree: 2} | sampling.adaptive.first:",
        "sampling.adaptive={first: [3, 1, 1], agree: 0} | sampling.adaptive.agree:",
        "schedules.joint.rounds=[{name: a/b, train: []}] | rounds.a/b: the name must match",
        "schedules.joint.rounds=[{name: a, train: [{method: sft, roles: [critic]}]}] | critic is no role",
        "schedules.joint.rounds=[{name: joint, threshold: 0.7, train: []}] | round joint has other trees, labels or settings",
        "schedules.joint.rounds=[{name: a, trees: [], train: []}] | rounds.a.trees: at least one",
        "schedules.joint.rounds=[{name: a, trees: [b], train: []}] | rounds.a.trees: b samples no trees",
        "schedules.joint.rounds=[{name: a, train: []}, {name: b, trees: a, sample: base, train: []}] | rounds.b: it samples no trees",
        "schedules.joint.rounds=[{name: a, train: []}, {name: b, trees: a, branching: [1, 1, 1], train: []}] | rounds.b: it samples no trees",
        "schedules.joint.rounds=[{name: a, settings: {dpo: {betta: 1}}, train: []}] | rounds.a.settings: dpo.betta: there is no such key",
        "schedules.joint.rounds=[{name: a, settings: {lora: {rank: 1}}, train: []}] | rounds.a.settings: lora: there is no such key",
        "schedules.joint.rounds=[{name: a, settings: {dpo: {beta: 0}}, train: []}] | rounds.a.settings.dpo.beta:",
        "schedules.joint.rounds=[{name: joint, settings: {dpo: {beta: 3}}, train: []}] | round joint has other trees, labels or settings",
        "team.verifier.learns=[sft, sft] | team.verifier.learns:",
        "team.verifier.flag='(' | team.verifier.flag:",
        "team.refiner.flag=wrong | team.refiner.flag: only of a turn with judges",
        "team.generator.judges=true | team.generator.judges: nobody has answered",
        "team.generator.prompt=[] | team.generator.prompt: a message is needed",
        "voters=4 | voters: between 1 and the 3 turns",
        "loop={turns: [verifier], times: 2} | loop.turns: the last turns of the team",
        "loop={turns: [verifier, refiner], times: 0} | loop.times:",
        "loop={turns: [refiner], times: 2} | loop.turns: one of them must judge",
        "lora.targets=[] | lora.targets:",
        "training={with: process} | training.command: a program and its arguments",
        "training={with: process, command: []} | training.command:",
        "training={with: local, command: [trl.py]} | training.command:",
        "machine.training_launcher=[python3] | machine.training_launcher and machine.training_jobs:",
        "machine.training_jobs=0 | machine.training_jobs: 1 or more",
        "sft.warmup=1 | sft.warmup:",
        "dpo.optimizer.epochs=0 | dpo.optimizer.epochs:",
        "evaluation.votes=0 | evaluation.votes:",
        "evaluation.ablations=[dropped-role, dropped-role] | evaluation.ablations:",
        "evaluation.debate.rounds=1 | evaluation.debate.rounds:",
        "evaluation.debate.max_tokens=0 | evaluation.debate.max_tokens:",
        "evaluation.debate.first=[user: '{own}'] | evaluation.debate.first: {own}",
        "evaluation.debate.again=[user: '{other}'] | evaluation.debate.again: {other}",
      })
  void a_violation_names_its_key(String override, String named) {
    violations(override).hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remote.server.url=here | remote.server.url:",
        "remote.server.model='' | remote.server.model:",
        "remote.server.samples_per_request=0 | remote.server.samples_per_request:",
        "remote.server.requests_in_flight=0 | remote.server.requests_in_flight:",
        "remote.stages=[] | remote.stages: collect, evaluate or both",
        "remote.server.url=[] | remote.server.url:",
        "remote.server.url=[http://a/v1, here] | remote.server.url:",
        "remote.server.url=[http://a/v1, http://a/v1] | remote.server.url:",
      })
  void a_violation_of_the_servers_section_names_its_key(String override, String named) {
    violations(TinyConfig.SERVER, override).hasMessageContaining(named);
  }

  @Test
  void an_adapter_that_a_server_was_started_with_is_of_one_seed() {
    violations(
            TinyConfig.SERVER,
            "seeds=[1, 2]",
            "remote.server.adapters={joint/generator/sft: tuned}")
        .hasMessageContaining("remote.server.adapters: a name there is of one adapter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ppo=null | online.train: by ppo, and there is no section ppo",
        "sampling.tree_temperature=0.7 | it needs sampling.tree_temperature 1 and sampling.top_p 1",
        "sampling.top_p=0.9 | it needs sampling.tree_temperature 1 and sampling.top_p 1",
        "ppo.clip_low=0 | ppo.clip_low:",
        "ppo.clip_high=0 | ppo.clip_high:",
        "ppo.kl_weight=-1 | ppo.kl_weight:",
        "ppo.optimizer.epochs=0 | ppo.optimizer.epochs:",
      })
  void a_violation_of_reinforcement_learning_names_its_key(String override, String named) {
    List<String> overrides = new ArrayList<>(List.of(TinyConfig.ONLINE));
    overrides.add(override);
    violations(overrides.toArray(new String[0])).hasMessageContaining(named);
  }

  @Test
  void a_prompt_may_only_show_who_spoke_before() {
    violations(
            TinyConfig.parse(
                TinyConfig.TEXT.replace(
                    "{question}\", assistant: \"{generator}\", user: Check",
                    "{question}\", assistant: \"{refiner}\", user: Check")))
        .hasMessageContaining("team.verifier.prompt: {refiner} names no earlier turn");
  }

  @Test
  void a_plain_layout_has_no_template_to_tell_and_no_server_to_lay_it_out() {
    violations("model.layout=plain", "model.template_variables={enable_thinking: false}")
        .hasMessageContaining("model.template_variables: {} where model.layout is plain");
    violations("model.layout=plain", TinyConfig.SERVER)
        .hasMessageContaining("remote.server.api: completions where model.layout is plain");
  }

  @Test
  void one_base_ends_at_the_same_texts_here_and_there() {
    violations("model.stop=[Problem]", TinyConfig.SERVER)
        .hasMessageContaining("remote.server.stop: as model.stop");
  }

  @Test
  void a_role_that_speaks_twice_learns_the_same_on_both_turns() {
    violations("team.refiner.role=verifier", "team.refiner.learns=[sft]")
        .hasMessageContaining("team.refiner.learns: as on the other turn of the verifier");
  }

  @Test
  void a_study_needs_the_turns_that_it_changes() {
    violations("team.verifier=null", "team.refiner=null")
        .hasMessageContaining("evaluation.ablations: these studies are of a chain of two turns");
    violations("team.refiner=null")
        .hasMessageContaining(
            "the chain [generator, verifier] has none"); // nobody hears the critique
  }

  @Test
  void a_changed_configuration_keeps_to_the_rules() {
    ExperimentConfig config = TinyConfig.with();
    assertThatThrownBy(() -> config.with("name=my run", "credit.threshold=0.3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("name:");
    ExperimentConfig changed = config.with("name=other", "credit.threshold=0.3");
    assertThat(changed.credit().threshold()).isEqualTo(0.3);
    assertThat(changed.team()).isEqualTo(config.team());
  }
}
