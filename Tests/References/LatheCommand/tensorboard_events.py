"""Compares what the real TensorBoard reads from runs' event files with the runs' own records, for the interop tests of
the tensorboard sink.

    tensorboard_events.py RESULTS RUN ...    exits with 1 and prints what differs
"""

import json
import math
import os
import sys

import numpy
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.context import RequestContext
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups


def same(expected, found):
    return math.isnan(found) if math.isnan(expected) else numpy.float32(expected) == numpy.float32(found)


def curves(folder):
    """Tags, steps and values match metrics.jsonl, each once and in order."""
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    expected = {}
    for line in open(folder + "/metrics.jsonl"):
        record = json.loads(line)
        for tag, value in record["values"].items():
            expected.setdefault(tag, []).append((record["step"], float(value)))
    assert set(accumulator.Tags()["scalars"]) == set(expected), accumulator.Tags()
    for tag, points in expected.items():
        found = accumulator.Scalars(tag)
        assert [e.step for e in found] == [step for step, _ in points], (tag, [e.step for e in found])
        assert all(same(value, e.value) for (_, value), e in zip(points, found)), tag
        assert all(a.wall_time <= b.wall_time for a, b in zip(found, found[1:])), tag


def hyperparameters(results, folders):
    """The HParams tab: all values of each run's spec, one group for runs that differ only in seed, final statuses."""
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(results)
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, results)
    context = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    request = RequestContext()
    experiment = context.experiment_from_metadata(
        request, "", True, context.hparams_metadata(request, ""), context.hparams_from_data_provider(request, "", None))
    columns = [api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos]
    statuses = list(api_pb2.Status.values())
    groups = list_session_groups.Handler(
        request, context, "", api_pb2.ListSessionGroupsRequest(
            col_params=columns, allowed_statuses=statuses, slice_size=1000, start_index=0)).run()
    records = {folder: json.load(open(folder + "/run.json")) for folder in folders}
    keys = {info.name for info in experiment.hparam_infos}
    assert keys == {key for record in records.values() for key in record["configuration"]}, keys
    tags = {info.name.tag for info in experiment.metric_infos}
    assert "validation/bits_per_byte" in tags and "train/loss" in tags, tags
    found = {}
    for group in groups.session_groups:
        for session in group.sessions:
            found[os.path.join(results, session.name)] = (group, session)
    assert set(found) == set(folders), (set(found), folders)
    for folder, record in records.items():
        group, session = found[folder]
        assert group.name == record["hashes"]["configuration"]
        seeds = {record["seed"] for record in records.values() if record["hashes"]["configuration"] == group.name}
        assert len(group.sessions) == len(seeds)
        assert set(group.hparams) == set(record["configuration"])
        for key, text in record["configuration"].items():
            value = group.hparams[key]
            if value.HasField("bool_value"):
                assert text == ("true" if value.bool_value else "false"), (key, text, value)
            elif value.HasField("number_value"):
                # The group shows the seed of one of its runs.
                assert float(text) == value.number_value or key == "seed" and value.number_value in seeds, \
                    (key, text, value)
            else:
                assert text == value.string_value, (key, text, value)
        expected = {"completed": "STATUS_SUCCESS", "failed": "STATUS_FAILURE"}.get(record["status"], "STATUS_UNKNOWN")
        assert api_pb2.Status.Name(session.status) == expected, (folder, session.status)


results, *folders = sys.argv[1:]
for folder in folders:
    curves(folder)
hyperparameters(results, folders)
