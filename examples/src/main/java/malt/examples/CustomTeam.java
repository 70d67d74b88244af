package malt.examples;

import java.nio.file.Path;
import java.util.List;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import malt.agent.MajorityVote;
import malt.agent.PromptTemplate;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.SamplingParams;
import malt.problem.Grader;
import malt.problem.NumberGrader;
import malt.problem.Problem;
import malt.torch.local.LocalModel;
import malt.tree.Branching;
import malt.tree.SearchTree;
import malt.tree.TreeExpander;
import malt.tree.TreeJournal;

/**
 * A team of one's own: a critic and an editor take turns until the critic does not object, and
 * three passes vote. Arguments: a model's directory, such as models/nano, and a folder.
 */
public final class CustomTeam {
  private static final SamplingParams SAMPLING = new SamplingParams(0.7, 1, 128);

  // region: team
  private static AgentTeam team() {
    PromptTemplate solve = PromptTemplate.of("{question}");
    PromptTemplate check = PromptTemplate.of("{question}", "{answer}", "Check the answer.");
    PromptTemplate improve =
        PromptTemplate.of(
            "{question}", "{answer}", "Check the answer.", "{critique}", "Improve the answer.");
    return new AgentTeam(
        List.of(
            speaker("solver", solve),
            critic("critic", 0, check), // of turn 0, the solver's
            speaker("editor", improve),
            critic("critic-2", 2, check), // of turn 2, the editor's
            speaker("editor-2", improve)));
  }

  private static Agent speaker(String turn, PromptTemplate prompt) {
    AgentRole role = new AgentRole(turn.replaceFirst("-.*", "")); // its turns share an adapter
    return new Agent(turn, role, prompt, SAMPLING, AdapterRef.BASE, null);
  }

  /** Objects by the word "wrong"; if it does not, the last answer is the team's. */
  private static Agent critic(String turn, int judged, PromptTemplate prompt) {
    return speaker(turn, prompt).judging(new Judgement(judged, "wrong", true));
  }

  // endregion

  public static void main(String[] args) {
    // region: passes
    AgentTeam team = team();
    Grader grader = NumberGrader.strict();
    String question =
        "Tom has 17 coins. Then Tom gets 28 more. Tom sells 05 of them. How many coins now?";
    Problem problem = new Problem("tom", question, "40");
    SearchTree tree;
    try (LocalModel model = LocalModel.open(Path.of(args[0]));
        TreeJournal journal = TreeJournal.open(Path.of(args[1]).resolve("journal.db"))) {
      tree =
          new TreeExpander(journal, model.sampler(), "example", 2, 100, progress -> {})
              .expand(team, List.of(problem), Branching.passes(3, team.turns()))
              .get(0);
    }
    tree.nodes()
        .forEach(
            node ->
                System.out.println(
                    "  ".repeat(node.turn())
                        + team.turnNames().get(node.turn())
                        + ": "
                        + node.completion().text().replace("\n", " / ")));
    List<Completion> answers =
        tree.leaves().stream()
            .map(leaf -> team.answer(grader, problem, tree.completions(leaf.path())))
            .toList();
    MajorityVote.count(grader, question, answers)
        .forEach(v -> System.out.println(v.answer() + ": " + v.completions().size() + " votes"));
    // endregion
  }
}
