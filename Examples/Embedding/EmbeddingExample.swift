// How does a program of one's own search? README.md shows this file.
import Suoyin

@main
struct EmbeddingExample {
  static func main() throws {
    let path = CommandLine.arguments.dropFirst().first ?? "laws.index"
    let index = try SearchIndex.create(at: path, schema: Schema([.text("title", boost: 2), .text("text")]))
    try index.update { writer in  // commits when it returns, discards everything when it throws
      try writer.add(Document(key: "安全生产法#3", ["title": "安全生产法", "text": "安全生产工作坚持中国共产党的领导。"]))
      try writer.add(Document(key: "煤炭法#7", ["title": "煤炭法", "text": "煤矿企业必须坚持安全第一、预防为主的安全生产方针，建立健全安全生产的责任制度和群防群治制度。"]))
      try writer.add(Document(key: "消防法#5", ["title": "消防法", "text": "任何单位和个人都有维护消防安全、保护消防设施、预防火灾、报告火警的义务。"]))
    }
    let results = try index.searcher().search("安全生产 -煤矿", limit: 10)  // a searcher is an immutable snapshot
    for hit in results.hits {
      print(hit.score, hit["title"] ?? "", hit.snippet(of: "text")?.text ?? "")
    }
  }
}
