package malt.app.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.PreferencePair;
import malt.experiment.GrowingTrees;
import malt.experiment.Learning;
import malt.experiment.RunLayout;
import malt.model.Completion;
import malt.problem.Grading;
import malt.report.TreeSample;
import malt.report.TreeSamples;
import org.jspecify.annotations.Nullable;

/**
 * A tree with all that was said.
 *
 * @param complete whether it is whole; until then its nodes have no values
 * @param nodes parents before children, siblings in order
 * @param pairs made of it, once each; empty until the round's sets are made
 */
record TreeView(
    String id,
    String question,
    String reference,
    boolean complete,
    List<Node> nodes,
    List<TreeSample.Pair> pairs) {
  /**
   * A completion.
   *
   * @param path child indices from the root
   * @param value mean reward of the leaves below it; null where none could be graded
   * @param label whether the value is above the threshold; null without a value
   * @param grade of its own words where they are an answer: "correct", "incorrect", "ungradable"
   * @param extracted the answer found in them
   * @param flags whether a critique calls its answer wrong
   * @param turned "wrong" or "right": what most of what came of a critique made of its answer
   * @param entropy mean negative log-probability of its tokens, in nats; null where not known
   */
  record Node(
      List<Integer> path,
      String turn,
      String text,
      @Nullable Double value,
      @Nullable Boolean label,
      @Nullable String grade,
      @Nullable String extracted,
      @Nullable Boolean flags,
      @Nullable String turned,
      int tokens,
      @Nullable Double entropy,
      String finish,
      String adapter) {
    private static Node of(SeenNode seen, boolean complete) {
      Completion said = seen.valued().node().completion();
      Grading grading = seen.grading();
      SeenNode.Turned turned = seen.turned();
      return new Node(
          seen.valued().node().path(),
          seen.agent().turn(),
          said.text(),
          complete ? seen.valued().value() : null,
          complete ? seen.valued().label() : null,
          grading == null ? null : word(grading.grade()),
          grading == null ? null : grading.extracted(),
          seen.flags(),
          turned == null ? null : word(turned),
          said.ids().length,
          said.logProbs().length == 0 ? null : -said.logProb() / said.logProbs().length,
          word(said.finish()),
          said.adapter().name());
    }

    private static String word(Enum<?> value) {
      return value.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static TreeView of(GrowingTrees trees, TreeIndex.Group group, GrowingTrees.Grown grown) {
    List<Node> nodes =
        SeenNode.of(grown, trees.benchmark().grader()).stream()
            .map(seen -> Node.of(seen, grown.complete()))
            .toList();
    return new TreeView(
        grown.tree().problem().id(),
        grown.tree().problem().question(),
        grown.tree().problem().answer(),
        grown.complete(),
        nodes,
        pairs(trees, group, grown));
  }

  private static List<TreeSample.Pair> pairs(
      GrowingTrees trees, TreeIndex.Group group, GrowingTrees.Grown grown) {
    RunLayout.Round part = trees.layout().seed(group.seed()).round(group.round().name());
    Set<TreeSample.Pair> pairs = new LinkedHashSet<>();
    if (Files.exists(part.statistics())) {
      for (AgentRole role : trees.config().roles()) {
        Path file = part.set(role, Learning.DPO);
        for (PreferencePair pair :
            Files.exists(file) ? DatasetFiles.readPairs(file) : List.<PreferencePair>of()) {
          if (pair.problemId().equals(grown.tree().problem().id())) {
            TreeSamples.find(pair, grown.team().agents(), grown.tree()).ifPresent(pairs::add);
          }
        }
      }
    }
    return new ArrayList<>(pairs);
  }
}
