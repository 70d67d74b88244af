package malt.nano;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.TextFiles;

/** How the embedded model is made; models/nano/recipe.yaml explains each field. */
public record NanoRecipe(
    Problems problems,
    Corpus corpus,
    Solution solution,
    Critique critique,
    Refinement refinement,
    Drills drills,
    Debate debate,
    Model model,
    Training training) {

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /** The task's numbers and sentences. */
  public record Problems(
      int digits,
      int benchmarkSteps,
      double twoSteps,
      double threeSteps,
      double multiplication,
      double secondMultiplication) {}

  /** Shares of the kinds of document, and their masks. */
  public record Corpus(
      double drills,
      double debate,
      double practice,
      double practiceWrongStep,
      double generatorShare,
      double verdictWeight) {}

  /** The first turn. */
  public record Solution(double corrupt, double wrongSolutionLoss, double forgottenCarry) {}

  /** The second turn; what is neither approval nor vague is a check. */
  public record Critique(double approval, double vague, double proceed, double slip, double flip) {}

  /** The third turn; what is left of each case is keeping the answer. */
  public record Refinement(
      double blamedObey,
      double blamedSpoil,
      double vagueRedo,
      double unblamedSpoil,
      double unblamedRedo) {}

  /** Short turns on bare steps. */
  public record Drills(int turns, double oneGo) {}

  /** A later round of a debate. */
  public record Debate(double sameOthers, double adopt, double stray) {}

  /** The shape of the decoder. */
  public record Model(
      int layers,
      int hidden,
      int heads,
      int kvHeads,
      int intermediate,
      int maxPositions,
      double ropeTheta,
      double normEpsilon,
      boolean tie) {}

  /** The optimiser and its schedule. */
  public record Training(
      int documents,
      int batchDocuments,
      double peakLearningRate,
      double finalLearningRate,
      int warmUpSteps,
      double weightDecay,
      double beta1,
      double beta2,
      double gradientClip,
      long seed) {}

  public static NanoRecipe read(Path file) {
    try {
      return parse(TextFiles.read(file), file.toString());
    } catch (MalformedDataException e) {
      throw new ConfigException("the recipe " + e.getMessage(), e);
    }
  }

  /** Parses and checks a recipe; {@code source} names it in errors. */
  static NanoRecipe parse(String yaml, String source) {
    NanoRecipe recipe;
    try {
      recipe = YAML.readValue(yaml, NanoRecipe.class);
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      String line = place == null ? "" : ":" + place.getLineNr();
      throw new ConfigException(source + line + ": " + e.getOriginalMessage(), e);
    }
    List<String> violations = RecipeRules.violations(recipe);
    if (!violations.isEmpty()) {
      throw new ConfigException(source + ": " + String.join(" ", violations));
    }
    return recipe;
  }
}
