using System.Globalization;
using System.Security;
using System.Text;

namespace DigestStore.InfrastructureTests.Drawing;

/// <summary>Writes an SVG picture, shape by shape; places are in pixels from the upper left corner.</summary>
internal sealed class SvgPage(double width, double height)
{
    private readonly StringBuilder _shapes = new();

    public void Box(double x, double y, double boxWidth, double boxHeight, string fill, string? stroke = null, double radius = 0) => _shapes.AppendLine(
        CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{boxWidth:0.#}\" height=\"{boxHeight:0.#}\" rx=\"{radius:0.#}\" fill=\"{fill}\"{(stroke is null ? "" : $" stroke=\"{stroke}\"")}/>");

    public void Line(double x1, double y1, double x2, double y2, string stroke, bool isDashed = false) => _shapes.AppendLine(
        CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{stroke}\"{(isDashed ? " stroke-dasharray=\"4 3\"" : "")}/>");

    public void Path(IEnumerable<(double X, double Y)> points, string stroke, double lineWidth) => _shapes.AppendLine(
        CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{lineWidth:0.#}\" points=\"{string.Join(' ', points.Select(static point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}\"/>");

    public void Dot(double x, double y, string fill) => _shapes.AppendLine(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"2\" fill=\"{fill}\"/>");

    public void Text(double x, double y, string text, double size = 11, string fill = "#16191f", string anchor = "start", bool isBold = false) => _shapes.AppendLine(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size:0.#}\" fill=\"{fill}\" text-anchor=\"{anchor}\"{(isBold ? " font-weight=\"bold\"" : "")}>{SecurityElement.Escape(text)}</text>");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" font-family=\"Helvetica, Arial, sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#f2f3f3\"/>\n{_shapes.ToString().ReplaceLineEndings("\n")}</svg>\n");
}
