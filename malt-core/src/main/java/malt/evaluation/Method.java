package malt.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.ConfigException;

/**
 * A row of the report: a read-out of a team's passes. Several methods may read the same passes.
 *
 * @param team name of the team whose passes are read
 */
public record Method(String team, AnsweringStrategy strategy, Meaning meaning) {
  /** As reports show it, such as "MALT+MV". */
  public String name() {
    return meaning.name();
  }

  /**
   * The methods named, in the order of the table.
   *
   * @param names separated by commas, such as "SA, MALT+MV"; a name may hold a comma itself, as in
   *     "MALT+MV, shuffled critiques"
   * @throws ConfigException if a name is unknown
   */
  public static List<Method> named(List<Method> all, String names) {
    Map<String, Method> known = new LinkedHashMap<>();
    all.forEach(method -> known.put(method.name(), method));
    List<String> asked = new ArrayList<>();
    for (String part : names.split(",", -1)) {
      String name = part.strip();
      int last = asked.size() - 1;
      String joined = last < 0 ? name : asked.get(last) + ", " + name;
      if (last >= 0 && !known.containsKey(name) && known.containsKey(joined)) {
        asked.set(last, joined); // the rest of a name with a comma
      } else {
        asked.add(name);
      }
    }
    for (String name : asked) {
      if (!known.containsKey(name)) {
        throw new ConfigException(
            "there is no row '%s'; known here: %s"
                .formatted(name, String.join("; ", known.keySet())));
      }
    }
    return all.stream().filter(method -> asked.contains(method.name())).toList();
  }
}
