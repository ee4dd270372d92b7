"""Decision tables and decision models (DMN 1.1 to 1.5) with FEEL as their expression language."""

from workflows.decisions.errors import DecisionError, Problem
from workflows.decisions.model import Decision, DecisionModel
from workflows.decisions.parser import parse_dmn
from workflows.decisions.results import (
    Cell,
    DecisionResult,
    EvaluatedDecision,
    EvaluatedInput,
    EvaluatedOutput,
    ExplainedRow,
    ExplainedTable,
    Failure,
    MatchedRule,
)
from workflows.decisions.sheets import Column, Question, Sheet, formulas, questions, sheets

__all__ = [
    "Cell",
    "Column",
    "Decision",
    "DecisionError",
    "DecisionModel",
    "DecisionResult",
    "EvaluatedDecision",
    "EvaluatedInput",
    "EvaluatedOutput",
    "ExplainedRow",
    "ExplainedTable",
    "Failure",
    "MatchedRule",
    "Problem",
    "Question",
    "Sheet",
    "formulas",
    "parse_dmn",
    "questions",
    "sheets",
]
