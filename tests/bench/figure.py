"""Pictures and tables of tests/bench, written by the scripts: lines over an axis of logarithms as SVG, and Markdown."""
import math

COLOURS = ["#1f5f8b", "#b3492d", "#4b7f3a", "#7a5195"]
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 900, 320, 70, 30, 55, 150


def number(value):
    """As people read it: two or three digits that mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|"]
    lines += ["| " + " | ".join(cell if isinstance(cell, str) else number(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def lines(path, title, across, lines_by_name):
    """`lines_by_name` {name: [(x, y), ...]}; both axes are logarithmic."""
    points = [point for line in lines_by_name.values() for point in line]
    x_low, x_high = min(x for x, _ in points), max(x for x, _ in points)
    y_low, y_high = 10 ** math.floor(math.log10(min(y for _, y in points))), 10 ** math.ceil(math.log10(max(y for _, y in points)))

    def place(value, low, high, start, end):
        return start + (math.log10(value) - math.log10(low)) / max(1e-9, math.log10(high) - math.log10(low)) * (end - start)

    def x_at(x):
        return place(x, x_low, x_high, LEFT, WIDTH - RIGHT)

    def y_at(y):
        return place(y, y_low, y_high, HEIGHT - BOTTOM, TOP)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', f'<text x="{LEFT}" y="18">{title}</text>']
    step = y_low
    while step <= y_high:
        parts.append(f'<path d="M{LEFT} {y_at(step):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/><text x="{LEFT - 8}" y="{y_at(step) + 4:.1f}" text-anchor="end">{number(step)}</text>')
        step *= 10
    for x in sorted({x for x, _ in points}):
        parts.append(f'<text x="{x_at(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{number(x)}</text>')
    for colour, (name, line) in zip(COLOURS, lines_by_name.items()):
        dots = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{dots}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3" fill="{colour}"/>' for x, y in line]
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{y_at(line[-1][1]) + 4:.1f}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 14}">{across}</text></svg>')
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")
