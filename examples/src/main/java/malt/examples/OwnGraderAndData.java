package malt.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.PromptTemplate;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.credit.ValuedTree;
import malt.data.DatasetBuilder;
import malt.data.DatasetFiles;
import malt.data.DatasetSettings;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.SamplingParams;
import malt.model.remote.RemoteLanguageModel;
import malt.model.remote.RemoteSettings;
import malt.problem.Grader;
import malt.problem.Problem;
import malt.problem.Response;
import malt.tree.Branching;
import malt.tree.TreeExpander;
import malt.tree.TreeJournal;

/**
 * Makes training sets from questions and a grader of one's own, with a model behind OpenAI's API.
 * Arguments: the server's URL up to and with /v1, the model's name there, a folder for the results.
 */
public final class OwnGraderAndData {
  // region: grader
  /** Reads the last "yes" or "no" of a response as its answer. */
  record YesOrNo(String name) implements Grader {
    private static final Pattern ANSWER = Pattern.compile("(?i)\\b(yes|no)\\b");

    @Override
    public Optional<String> extract(String question, Response response) {
      return ANSWER
          .matcher(response.text())
          .results()
          .map(found -> found.group())
          .reduce((a, b) -> b);
    }

    @Override
    public boolean equal(String reference, String extracted) {
      return reference.equalsIgnoreCase(extracted);
    }
  }

  // endregion

  public static void main(String[] args) {
    Path folder = Path.of(args[2]);
    // region: team
    List<Problem> problems = // those of a file: KeptProblems.read(Path.of("questions.jsonl"))
        List.of(
            new Problem("ice", "Does ice float on water? Think, then say yes or no.", "yes"),
            new Problem("91", "Is 91 a prime number? Think, then say yes or no.", "no"));
    SamplingParams sampling = new SamplingParams(0.7, 1, 512); // temperature, top-p, most tokens
    PromptTemplate ask = PromptTemplate.of("{question}");
    PromptTemplate check = PromptTemplate.of("{question}", "{generator}", "Is that right?");
    PromptTemplate improve =
        PromptTemplate.of(
            "{question}", "{generator}", "Is that right?", "{verifier}", "Answer again.");
    AgentTeam team =
        new AgentTeam(
            List.of(
                new Agent(AgentRole.GENERATOR, ask, sampling, AdapterRef.BASE),
                new Agent(AgentRole.VERIFIER, check, sampling, AdapterRef.BASE),
                new Agent(AgentRole.REFINER, improve, sampling, AdapterRef.BASE)));
    // endregion
    // region: trees
    Grader grader = new YesOrNo("yes-or-no");
    ValueIteration credit = new ValueIteration(0.5, Pooling.GLOBAL);
    List<ValuedTree> trees;
    try (LanguageModel model = RemoteLanguageModel.open(RemoteSettings.of(args[0], args[1]));
        TreeJournal journal = TreeJournal.open(folder.resolve("journal.db"))) { // of what was said
      trees =
          new TreeExpander(journal, model, "train", 1, 100, progress -> {})
              .expand(team, problems, new Branching(List.of(2, 2, 2))).stream()
                  .map(tree -> credit.value(tree, team, grader))
                  .toList();
    }
    for (ValuedTree tree : trees) {
      System.out.println(tree.problem().question());
      tree.nodes().forEach(node -> System.out.println(node.node().path() + " " + node.value()));
    }
    // endregion
    // region: sets
    Set<AgentRole> pairs = Set.of(AgentRole.VERIFIER, AgentRole.REFINER);
    new DatasetBuilder(team, pairs, grader, DatasetSettings.paper(), 1)
        .build(trees)
        .forEach(
            (role, sets) -> {
              DatasetFiles.writeExamples(folder.resolve(role + "/sft.jsonl"), sets.examples());
              DatasetFiles.writePairs(folder.resolve(role + "/dpo.jsonl"), sets.pairs());
            });
    // endregion
  }
}
