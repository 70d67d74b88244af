package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.training.RecordingTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of other chains than the paper's, to their report. */
class ChainsTest {
  private static final String STUDIES = "evaluation.ablated=[joint]";

  @TempDir private Path folder;

  private EvaluationReport run(String config, String... overrides) {
    ExperimentConfig parsed = TinyConfig.parse(config, overrides);
    ConfigRules.check(parsed, "tiny.yaml");
    new ToyExperiment(folder, parsed).run(ToyExperiment.model(), new RecordingTrainer());
    return EvaluationFiles.read(folder.resolve("evaluation.json"));
  }

  @Test
  void aGeneratorAndARefinerWithNobodyWhoJudges() {
    String config =
        TinyConfig.TEXT
            .replaceAll("  - \\{role: verifier.*\\n", "")
            .replaceAll("  verifier: \\[.*\\n", "")
            .replace("    - user: Check the answer.\n    - assistant: \"{verifier}\"\n", "");
    EvaluationReport report =
        run(
            config,
            "second_tree_branching=[3, 2]",
            "datasets.pair_roles=[refiner]",
            "evaluation.ablations=[untrained-role, dropped-role]",
            STUDIES);
    assertThat(report.methods().keySet())
        .endsWith(
            "debate", "MALT+MV, G", "MALT+MV, untrained generator", "MALT+MV, untrained refiner");
    assertThat(report.verifier()).isEmpty();
    assertThat(report.turns().get("MALT")).containsOnlyKeys("generator", "refiner");
  }

  @Test
  void aChainOfFiveWhoseVerifierStandsInTheMiddle() {
    String config =
        TinyConfig.TEXT
            .replace(
                "  - {role: refiner",
                "  - {role: refiner, branching: 1, max_tokens: 16}\n"
                    + "  - {role: checker, branching: 1, max_tokens: 16}\n"
                    + "  - {role: editor")
            .replace(
                "  debate-first:",
                "  checker: [user: \"{question}\", assistant: \"{refiner}\","
                    + " user: Check the answer.]\n"
                    + "  editor: [user: \"{question}\", assistant: \"{checker}\"]\n"
                    + "  debate-first:");
    EvaluationReport report =
        run(
            config,
            "second_tree_branching=[3, 2, 1, 1, 1]",
            "evaluation.ablations=[dropped-role, shuffled-critiques, swapped-adapters]",
            STUDIES);
    assertThat(report.methods().keySet())
        .endsWith(
            "MALT+MV, G",
            "MALT+MV, G+V",
            "MALT+MV, G+V+R",
            "MALT+MV, G+V+R+C",
            "MALT+MV, G+R+C+E",
            "MALT+MV, shuffled critiques",
            "MALT+MV, swapped adapters");
    assertThat(report.verifier().get("MALT")).containsOnlyKeys("verifier");
    assertThat(report.teams().get("MALT"))
        .extracting("name")
        .isEqualTo(List.of("generator", "verifier", "refiner", "checker", "editor"));
    assertThat(report.methods().get("MALT+MV, G+V").calls()).isEqualTo(6);
  }

  @Test
  void aTeamThatIsPlannedLikeAnEarlierOneIsNotThereTwice() {
    EvaluationReport report =
        run(
            TinyConfig.TEXT,
            "schedules=[sft-first, joint, generator-first]",
            "datasets.pair_roles=[generator]");
    // the generator's adapters are joint's under each schedule, the others' SFT under sft-first
    assertThat(report.methods().keySet())
        .contains("STaR MA", "STaR MA GF", "MALT", "MALT GF")
        .noneMatch(name -> name.contains("SF"));
  }
}
