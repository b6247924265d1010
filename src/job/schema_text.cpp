#include "job/schema_text.hpp"

namespace tunesmith {

const char* const job_schema_text = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "tunesmith job",
  "description": "What to tune, how to run a trial, and when to end. Times are in seconds.",
  "type": "object",
  "required": ["name", "parameters", "metrics"],
  "oneOf": [{"required": ["objective"]}, {"required": ["objectives"]}],
  "additionalProperties": false,
  "properties": {
    "$schema": {"type": "string", "description": "Address of this schema, for editors."},
    "name": {
      "description": "Names the study and its folder.",
      "type": "string",
      "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
    },
    "description": {"description": "For people.", "type": "string"},
    "command": {
      "description": "Program and leading arguments; hyperparameters follow as --name value. Relative file names are looked up beside the job file. May come from the command line instead.",
      "type": "array",
      "minItems": 1,
      "items": {"type": "string"}
    },
    "parameters": {
      "description": "Hyperparameters by name.",
      "type": "object",
      "minProperties": 1,
      "additionalProperties": {"$ref": "#/$defs/parameter"}
    },
    "constraints": {
      "description": "Conditions on parameters, e.g. \"layers * width <= 4096\".",
      "type": "array",
      "items": {"type": "string"}
    },
    "metrics": {
      "description": "How metrics are read from a trial's output.",
      "type": "array",
      "minItems": 1,
      "items": {"$ref": "#/$defs/metric"}
    },
    "resource_regex": {
      "description": "Group 1 is the resource level (epoch) of the values on its line and after. Without it values are counted.",
      "type": "string"
    },
    "objective": {"$ref": "#/$defs/objective"},
    "objectives": {
      "description": "Several objectives: the best trials are those that no other one beats in all.",
      "type": "array",
      "minItems": 1,
      "items": {"$ref": "#/$defs/objective"}
    },
    "outcome_constraints": {
      "description": "A trial counts as feasible only while min <= metric <= max.",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["metric"],
        "anyOf": [{"required": ["min"]}, {"required": ["max"]}],
        "additionalProperties": false,
        "properties": {
          "metric": {"type": "string", "minLength": 1},
          "min": {"type": "number"},
          "max": {"type": "number"}
        }
      }
    },
    "final": {
      "description": "Which level of a trial's reports counts, judged by the (first) objective.",
      "default": "last",
      "oneOf": [
        {"enum": ["last", "first", "best"]},
        {
          "type": "object",
          "required": ["mean_of_last"],
          "additionalProperties": false,
          "properties": {"mean_of_last": {"type": "integer", "minimum": 1}}
        }
      ]
    },
    "baseline": {
      "description": "Your present setting, by parameter name: becomes trial 0, and the gain is measured against it.",
      "type": "object",
      "additionalProperties": {"$ref": "#/$defs/value"}
    },
    "cost": {
      "description": "What a trial costs, where trials differ in it: \"time\" (the seconds it takes) or a metric.",
      "oneOf": [
        {"const": "time"},
        {
          "type": "object",
          "required": ["metric"],
          "additionalProperties": false,
          "properties": {"metric": {"type": "string", "minLength": 1}}
        }
      ]
    },
    "seed": {
      "description": "Everything random follows from it; above 2^63-1 as a text.",
      "default": 0,
      "oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}]
    },
    "budget": {
      "description": "What ends the job; the first limit that is reached. May be changed later.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "max_trials": {"description": "Trials in all.", "type": "integer", "minimum": 1},
        "max_time": {"description": "Seconds of tuning, over all sessions.", "type": "number", "exclusiveMinimum": 0},
        "target": {"description": "Value of the (first) objective that is good enough.", "type": "number"},
        "max_failures_in_a_row": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "max_cost": {"description": "Sum of what the ended trials cost, in the unit of \"cost\".", "type": "number", "exclusiveMinimum": 0}
      }
    },
    "self_check": {
      "description": "Watches over the stopping rules median, percentile, patience, extrapolation and wilcoxon, and tells what stopping costs.",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "share": {"description": "Share of the trials to be stopped that run on instead.", "type": "number", "minimum": 0, "maximum": 1, "default": 0.05},
        "least_correlation": {"description": "Rank correlation of early and final values below which nothing is stopped; -1: never mind.", "type": "number", "minimum": -1, "maximum": 1, "default": 0.3},
        "min_trials": {"description": "Completed trials before the correlation is judged.", "type": "integer", "minimum": 3, "maximum": 2147483647, "default": 10}
      }
    },
    "on_notice": {
      "description": "Who is told of what stopping rules with the action \"notify\" notice.",
      "oneOf": [
        {
          "type": "object",
          "required": ["command"],
          "additionalProperties": false,
          "properties": {
            "command": {
              "description": "Program and arguments, never a shell; the notice is a JSON object on its stdin.",
              "type": "array", "minItems": 1, "items": {"type": "string"}
            }
          }
        },
        {
          "type": "object",
          "required": ["webhook"],
          "additionalProperties": false,
          "properties": {
            "webhook": {
              "description": "Address that curl posts the JSON object to.",
              "type": "string", "pattern": "^https?://"
            }
          }
        }
      ]
    },
    "max_parallel": {"description": "Trials at once.", "type": "integer", "minimum": 1, "maximum": 2147483647, "default": 1},
    "keep_best": {
      "description": "Keep models and checkpoints of so many of the best trials only (logs stay); 0 keeps all.",
      "type": "integer", "minimum": 0, "maximum": 2147483647, "default": 0
    },
    "channels": {
      "description": "Data folders by channel name, given to trials as SM_CHANNEL_<NAME>. Relative ones start at the job file.",
      "type": "object",
      "propertyNames": {"pattern": "^[A-Za-z0-9._-]+$"},
      "additionalProperties": {"type": "string", "minLength": 1}
    },
    "environment": {
      "description": "Added to the trials' environment; overrides what tunesmith sets.",
      "type": "object",
      "propertyNames": {"pattern": "^[^=]+$"},
      "additionalProperties": {"type": "string"}
    },
    "json_values": {
      "description": "Texts are JSON inside (\"\\\"adam\\\"\"), as SageMaker's framework estimators write them.",
      "type": "boolean", "default": false
    },
    "warm_start": {
      "description": "Earlier studies to start from: the name of one in the same store or of a job beside this file, or where it is.",
      "type": "array",
      "maxItems": 5,
      "items": {
        "oneOf": [
          {"type": "string", "minLength": 1},
          {
            "type": "object",
            "required": ["study", "store"],
            "additionalProperties": false,
            "properties": {
              "study": {"type": "string", "minLength": 1},
              "store": {"description": "\"sqlite:<file>\"; relative files start at the job file.", "type": "string", "minLength": 1}
            }
          }
        ]
      }
    },
    "stop_grace": {"description": "Seconds from SIGTERM to SIGKILL when a trial is stopped.", "type": "number", "minimum": 0, "default": 120},
    "time_limit": {"description": "Longest time of one trial, in seconds.", "type": "number", "exclusiveMinimum": 0},
    "silence_limit": {"description": "Longest time without output, in seconds, before a trial counts as hung.", "type": "number", "exclusiveMinimum": 0}
  },
  "$defs": {
    "value": {"type": ["number", "string", "boolean"]},
    "when": {
      "description": "Active only while each named parameter has one of the values.",
      "type": "object",
      "additionalProperties": {
        "oneOf": [{"$ref": "#/$defs/value"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/value"}}]
      }
    },
    "scale": {"enum": ["auto", "linear", "log", "reverse_log"], "default": "auto"},
    "near_prior": {
      "description": "Good values are probably near this one; spread: the standard deviation, in shares of the scaled range.",
      "type": "object",
      "required": ["near"],
      "additionalProperties": false,
      "properties": {
        "near": {"type": "number"},
        "spread": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.15}
      }
    },
    "weights_prior": {
      "description": "How probable it is that each choice is good, in their order.",
      "type": "object",
      "required": ["weights"],
      "additionalProperties": false,
      "properties": {"weights": {"type": "array", "minItems": 1, "items": {"type": "number", "minimum": 0}}}
    },
    "parameter": {
      "oneOf": [
        {
          "type": "object",
          "required": ["type", "min", "max"],
          "additionalProperties": false,
          "properties": {
            "type": {"const": "float"},
            "min": {"type": "number"},
            "max": {"type": "number"},
            "scale": {"$ref": "#/$defs/scale"},
            "step": {"type": "number", "exclusiveMinimum": 0},
            "when": {"$ref": "#/$defs/when"},
            "prior": {"$ref": "#/$defs/near_prior"}
          }
        },
        {
          "type": "object",
          "required": ["type", "min", "max"],
          "additionalProperties": false,
          "properties": {
            "type": {"const": "int"},
            "min": {"type": "integer"},
            "max": {"type": "integer"},
            "scale": {"$ref": "#/$defs/scale"},
            "step": {"type": "integer", "minimum": 1, "default": 1},
            "when": {"$ref": "#/$defs/when"},
            "prior": {"$ref": "#/$defs/near_prior"}
          }
        },
        {
          "type": "object",
          "required": ["type", "values"],
          "additionalProperties": false,
          "properties": {
            "type": {"enum": ["categorical", "ordinal"]},
            "values": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"$ref": "#/$defs/value"}},
            "when": {"$ref": "#/$defs/when"},
            "prior": {"$ref": "#/$defs/weights_prior"}
          }
        },
        {
          "type": "object",
          "required": ["type", "value"],
          "additionalProperties": false,
          "properties": {
            "type": {"const": "fixed"},
            "value": {"$ref": "#/$defs/value"},
            "when": {"$ref": "#/$defs/when"}
          }
        }
      ]
    },
    "metric": {
      "type": "object",
      "required": ["name"],
      "additionalProperties": false,
      "properties": {
        "name": {"description": "What objectives call it.", "type": "string", "minLength": 1},
        "format": {"enum": ["regex", "json_lines", "key_value"], "default": "regex"},
        "regex": {"description": "RE2 syntax, searched in each line; group 1 is the number.", "type": "string"},
        "key": {"description": "Formats other than regex: the key to look for; default: the name.", "type": "string"}
      }
    },
    "objective": {
      "type": "object",
      "required": ["metric"],
      "additionalProperties": false,
      "properties": {
        "metric": {"type": "string", "minLength": 1},
        "goal": {"enum": ["minimize", "maximize"], "default": "minimize"},
        "standard_error": {"description": "Metric that holds the standard error of a trial's value, e.g. over folds or seeds.", "type": "string", "minLength": 1}
      }
    }
  }
})json";

}  // namespace tunesmith
