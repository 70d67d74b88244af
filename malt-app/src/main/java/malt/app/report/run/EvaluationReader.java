package malt.app.report.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Reads evaluation.json. */
final class EvaluationReader {
  private EvaluationReader() {}

  static Evaluation read(Path file) {
    Json json = Json.file(file);
    return new Evaluation(
        text(json, "name"),
        text(json, "created"),
        text(json, "model"),
        text(json, "benchmark"),
        text(json, "grader"),
        json.at("questions").count(),
        json.at("seeds").items().stream().map(Json::count).toList(),
        json.at("votes").count(),
        text(json, "power"),
        json.find("paper").map(paper -> paper.at("title").text()).orElse(""),
        paper(json.find("paper").flatMap(paper -> paper.find("methods"))),
        json.at("methods").fields().entrySet().stream()
            .map(field -> method(field.getKey(), field.getValue()))
            .toList(),
        list(json, "comparisons").stream().map(EvaluationReader::comparison).toList(),
        byTeam(json, "turns", Json::number),
        byTeam(json, "flips", Json::count),
        json.find("verifier").map(Json::fields).orElse(Map.of()).entrySet().stream()
            .flatMap(
                team ->
                    team.getValue().fields().values().stream()
                        .map(judge -> verifier(team.getKey(), judge)))
            .toList(),
        byTeam(json, "grading", Json::count));
  }

  private static Map<String, Published> paper(Optional<Json> methods) {
    Map<String, Published> paper = new LinkedHashMap<>();
    fields(methods)
        .forEach(
            (name, json) ->
                paper.put(
                    name,
                    new Published(json.at("accuracy").number(), measured(json, "deviation"))));
    return paper;
  }

  private static MethodResult method(String name, Json json) {
    return new MethodResult(
        name,
        json.at("n").count(),
        json.at("correct").count(),
        json.find("ungradable").map(Json::count).orElse(0L),
        json.at("accuracy").number(),
        json.at("interval").interval(),
        json.at("calls").number(),
        list(json, "seeds").stream()
            .map(
                seed ->
                    new MethodResult.SeedResult(
                        seed.at("seed").count(),
                        seed.at("n").count(),
                        seed.at("accuracy").number()))
            .toList());
  }

  private static Comparison comparison(Json json) {
    return new Comparison(
        json.at("a").text(),
        json.at("b").text(),
        json.at("difference").number(),
        json.at("interval").interval(),
        measured(json, "relative"),
        measured(json, "p"),
        measured(json, "p_holm"),
        list(json, "mcnemar").stream()
            .map(
                seed ->
                    new Comparison.McNemar(
                        seed.at("seed").count(),
                        seed.at("a_only").count(),
                        seed.at("b_only").count(),
                        seed.at("p").number()))
            .toList());
  }

  private static VerifierQuality verifier(String team, Json json) {
    return new VerifierQuality(
        team,
        measured(json, "recall"),
        measured(json, "false_alarm"),
        measured(json, "balanced_accuracy"),
        json.at("wrong").count(),
        json.at("right").count());
  }

  private static <T> Map<String, Map<String, T>> byTeam(
      Json json, String key, Function<Json, T> value) {
    Map<String, Map<String, T>> teams = new LinkedHashMap<>();
    for (Map.Entry<String, Json> team : fields(json.find(key)).entrySet()) {
      Map<String, T> values = new LinkedHashMap<>();
      team.getValue().fields().forEach((name, item) -> values.put(name, value.apply(item)));
      teams.put(team.getKey(), values);
    }
    return teams;
  }

  private static Map<String, Json> fields(Optional<Json> json) {
    return json.map(Json::fields).orElse(Map.of());
  }

  private static List<Json> list(Json json, String key) {
    return json.find(key).map(Json::items).orElse(List.of());
  }

  private static OptionalDouble measured(Json json, String key) {
    return json.find(key).map(Json::measured).orElse(OptionalDouble.empty());
  }

  private static String text(Json json, String key) {
    return json.find(key).map(Json::text).orElse("");
  }
}
