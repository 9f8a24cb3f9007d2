import LatheResults

/// The payloads of an event file: TensorFlow's `Event`, including those of TensorBoard's HParams plugin.
enum Event {
    static func fileVersion(time: Double) -> [UInt8] {
        ProtobufMessage { event in
            event.double(1, time)
            event.text(3, "brain.Event:2")
        }.bytes
    }

    /// A session starts: readers drop earlier events from this step on.
    static func sessionStart(time: Double, step: Int) -> [UInt8] {
        ProtobufMessage { event in
            event.double(1, time)
            event.integer(2, step)
            // SessionLog, its status START
            event.message(7) { $0.integer(1, 1) }
        }.bytes
    }

    /// One scalar per value of the record.
    static func scalars(time: Double, _ record: MetricRecord) -> [UInt8] {
        ProtobufMessage { event in
            event.double(1, time)
            event.integer(2, record.step)
            event.message(5) { summary in
                for (tag, value) in record.values.sorted(by: { $0.key < $1.key }) {
                    summary.message(1) { entry in
                        entry.text(1, tag)
                        entry.float(2, Float(value))
                    }
                }
            }
        }.bytes
    }

    /// The start of a session: its hyperparameters, and the group over which sessions are averaged.
    static func hyperparameters(time: Double, started: Double, group: String, _ values: [String: String]) -> [UInt8] {
        hparams(time: time, tag: "_hparams_/session_start_info") { data in
            // HParamsPluginData.session_start_info
            data.message(3) { info in
                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                    info.message(1) { entry in
                        entry.text(1, key)
                        // google.protobuf.Value: number, string or bool
                        entry.message(2) { content in
                            if value == "true" || value == "false" {
                                content.integer(4, value == "true" ? 1 : 0)
                            } else if let number = Double(value), number.isFinite {
                                content.double(2, number)
                            } else {
                                content.text(3, value)
                            }
                        }
                    }
                }
                info.text(4, group)
                info.double(5, started)
            }
        }
    }

    static func sessionEnd(time: Double, isSuccess: Bool) -> [UInt8] {
        hparams(time: time, tag: "_hparams_/session_end_info") { data in
            // HParamsPluginData.session_end_info: STATUS_SUCCESS or STATUS_FAILURE
            data.message(4) { info in
                info.integer(1, isSuccess ? 1 : 2)
                info.double(2, time)
            }
        }
    }

    /// An event for the HParams plugin: an empty tensor that carries the data in its metadata.
    private static func hparams(time: Double, tag: String, _ fill: (inout ProtobufMessage) -> Void) -> [UInt8] {
        ProtobufMessage { event in
            event.double(1, time)
            event.message(5) { summary in
                summary.message(1) { entry in
                    entry.text(1, tag)
                    // TensorProto: DT_FLOAT of shape [0]
                    entry.message(8) { tensor in
                        tensor.integer(1, 1)
                        tensor.message(2) { shape in shape.message(2) { _ in } }
                    }
                    // SummaryMetadata with its plugin_data
                    entry.message(9) { metadata in
                        metadata.message(1) { plugin in
                            plugin.text(1, "hparams")
                            plugin.contents(2, ProtobufMessage(fill).bytes)
                        }
                    }
                }
            }
        }.bytes
    }
}
