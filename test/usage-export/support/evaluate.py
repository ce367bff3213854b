"""Evaluates expressions of a state machine, by the JSONata engine that others wrote.

JSON on the standard input: a list of expressions, each with the variables that it knows. JSON on the standard output: what each comes to.
"""

import json
import sys

import jsonata


def main() -> None:
    answers = []
    for asked in json.load(sys.stdin):
        expression = jsonata.Jsonata(asked["expression"].removeprefix("{%").removesuffix("%}"))
        frame = expression.create_frame()
        for name, value in asked["variables"].items():
            frame.bind(name, value)
        answers.append(expression.evaluate(None, frame))
    print(json.dumps(answers))


main()
