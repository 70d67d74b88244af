package malt.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.ConfigException;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.model.AdapterRef;
import malt.model.SamplingParams;

/** What is served under which name: the team, each of its roles, single adapters and the base. */
final class Catalogue {
  static final String TEAM = "team";
  static final String BASE = "base";

  /** A model name's meaning. */
  sealed interface Entry {}

  /** The whole chain. */
  record Team() implements Entry {}

  /**
   * One adapter on its own, or the base.
   *
   * @param sampling where a caller asks for nothing else
   */
  record Single(AdapterRef adapter, SamplingParams sampling) implements Entry {}

  /**
   * The base that all served models share, as callers may compare it.
   *
   * @param fingerprint SHA-256 of its configuration and weights
   * @param template SHA-256 of its chat template
   * @param maxPositions prompt and answer together
   * @param started when the server was, in seconds of Unix time
   */
  record ServedBase(String fingerprint, String template, int maxPositions, long started) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final AgentTeam team;
  private final ServedBase base;

  /**
   * @param adapters served under their own names, with the role that each was trained for
   */
  Catalogue(AgentTeam team, Map<AdapterRef, AgentRole> adapters, ServedBase base) {
    this.team = team;
    this.base = base;
    entries.put(TEAM, new Team());
    for (Agent agent : team.agents()) {
      if (entries.put(agent.role().name(), new Single(agent.adapter(), agent.sampling())) != null) {
        throw new ConfigException(
            "the role %s cannot be served, since the whole team has that name"
                .formatted(agent.role()));
      }
    }
    SamplingParams first = team.agents().get(0).sampling();
    entries.putIfAbsent(BASE, new Single(AdapterRef.BASE, first));
    adapters.forEach(
        (adapter, role) ->
            entries.putIfAbsent(adapter.name(), new Single(adapter, sampling(role))));
  }

  private SamplingParams sampling(AgentRole role) {
    return team.agents().stream()
        .filter(agent -> agent.role().equals(role))
        .findFirst()
        .orElse(team.agents().get(0)) // of a model that was taught alone
        .sampling();
  }

  ServedBase base() {
    return base;
  }

  Entry get(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw ApiError.unknownModel(name, String.join(", ", entries.keySet()));
    }
    return entry;
  }

  /** As /v1/models lists them; what is ours alone stands under "malt". */
  ObjectNode json() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    entries.keySet().forEach(name -> data.add(json(name)));
    return list;
  }

  ObjectNode json(String name) {
    Entry entry = get(name);
    ObjectNode model =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", name)
            .put("object", "model")
            .put("created", base.started())
            .put("owned_by", "malt")
            .put("max_model_len", base.maxPositions());
    ObjectNode malt = model.putObject("malt");
    malt.put("base", base.fingerprint()).put("template", base.template());
    malt.put("seeds", true);
    if (entry instanceof Single single) {
      malt.put("adapter", single.adapter().name());
    }
    return model;
  }
}
